"""What was asked with every default, of which data, by which libraries, what was left out, and how to do it again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from modelsync.core.checks import Asked
from modelsync.core.verdict import Outcome, Verdict
from modelsync.gates.page import wording
from modelsync.gates.page.about import About
from modelsync.gates.page.markup import Child, Markup, breakable, join, tag
from modelsync.gates.page.scene import Scene
from modelsync.gates.question import Question

_OF_THEIR_OWN = ("freshness", "custom")  # the clock, or code of a team, has a part in the verdict
_LONGEST = 700  # characters of one value; a list of thousands of columns is shortened
_EXCLUDED = 40  # reasons that are written out
_HEADS = 12  # a table of more columns is a list
_ENTRIES = 200  # entries of `checks` that are written out
_ROLES = {
    "target": "what was judged",
    "data": "rows it was judged on",
    "reference": "reference",
    "champion": "champion",
}


def asked(verdict: Verdict, question: Question) -> Markup:
    """The resolved parameters: the entries of `checks` as a table, everything else by its name.

    A gate that broke before it measured anything has none; then it is told what the question asks.
    """
    params = dict(verdict.params)
    checks = params.pop("checks", params.pop("expectations", None))
    if checks is None:
        checks = [_told(check) for check in question.checks]
    entries = [entry for entry in checks if isinstance(entry, Mapping)] if isinstance(checks, list) else []
    if not entries and checks:
        params["checks"] = checks
    rest = [
        (str(name), _plain(value)) for name, value in params.items() if name not in ("reliability", "asked", "absent")
    ]
    if not rest and not entries:
        return tag("p", "Nothing was recorded of what was asked.", class_="muted")
    return join(_entries(entries) if entries else None, facts(rest))


def _told(check: Asked) -> dict[str, Any]:
    return {name: value for name, value in asdict(check).items() if value not in (None, "", ())}


def _entries(entries: list[Mapping[str, Any]]) -> Markup:
    names = list(dict.fromkeys(str(name) for entry in entries for name in entry))
    are_expectations = all(len(entry) == 1 and isinstance(next(iter(entry.values())), Mapping) for entry in entries)
    if are_expectations or len(names) > _HEADS:
        said = [tag("li", _entry(entry)) for entry in entries[:_ENTRIES]]
        return join(tag("ol", said, class_="plain"), _more(len(entries) - _ENTRIES))
    head = tag("tr", [tag("th", name, scope="col") for name in names])
    rows = [
        tag("tr", [tag("td", _plain(entry[name]) if name in entry else "") for name in names])
        for entry in entries[:_ENTRIES]
    ]
    table = tag("table", tag("thead", head), tag("tbody", rows))
    return join(tag("div", table, class_="scroll", tabindex=0), _more(len(entries) - _ENTRIES))


def _entry(entry: Mapping[str, Any]) -> Markup:
    """One entry on a line, what it is called in the letters of code."""
    parts: list[Child] = []
    for name, value in entry.items():
        parts += [tag("code", breakable(wording.name(str(name)))), f" {_plain(value)} "]
    return join(parts)


def _more(count: int) -> Markup | None:
    return tag("p", f"and {count:,} more", class_="muted") if count > 0 else None


def seen(verdict: Verdict, scene: Scene) -> Markup:
    """The data by digest, and whether all of its rows counted."""
    rows: list[tuple[str, Child]] = []
    for role, given in verdict.data.items():
        if isinstance(given, Mapping):
            rows.append((_ROLES.get(role, role), _content(given)))
    sizes = [("rows now", scene.now.rows), ("rows of the reference", scene.before.rows)]
    rows += [(name, f"{count:,}") for name, count in sizes if count]
    rows.append(("verdict computed on", "all rows" if scene.now.rows or scene.before.rows else "what was given"))
    rows.append(("pictures drawn from", scene.drawn))
    if verdict.engine:
        rows.append(("decided by", verdict.engine))
    if verdict.libraries:
        rows.append(("libraries", ", ".join(f"{name} {version}" for name, version in verdict.libraries.items())))
    if verdict.seed is not None:
        rows.append(("seed", str(verdict.seed)))
    return facts(rows)


def _content(given: Mapping[str, Any]) -> Markup:
    parts: list[Child] = []
    if said := given.get("ref") or given.get("version"):
        parts.append(str(said))
    if given.get("content"):
        parts += [" ", tag("code", str(given["content"]), class_="muted")]
    if isinstance(given.get("rows"), int):
        parts.append(f" {given['rows']:,} rows")
    return join(parts)


def excluded(verdict: Verdict) -> Markup | None:
    """What could not be judged and why, and the values that no statistic could use."""
    skipped = [check for check in verdict.checks if check.outcome is Outcome.SKIPPED]
    if not skipped:
        return None
    said = [
        tag("li", tag("b", wording.name(check.subject or check.id)), f": {wording.clip(check.note, 200) or 'skipped'}")
        for check in skipped[:_EXCLUDED]
    ]
    return join(tag("h3", "Left out"), tag("ul", said, class_="plain"), _more(len(skipped) - _EXCLUDED))


def again(verdict: Verdict, about: About) -> Markup | None:
    """The command that judges the same question, and the contents it must see to come to the same verdict."""
    if not about.command:
        return None
    said = "The verdict comes out the same on the contents whose digests are given above, with the same seed."
    is_repeatable = bool(verdict.data) and verdict.kind not in _OF_THEIR_OWN
    return join(tag("pre", about.command), tag("p", said, class_="small muted") if is_repeatable else None)


def facts(rows: Iterable[tuple[str, Child]]) -> Markup:
    """Names and what is known of them."""
    return tag("dl", [(tag("dt", name), tag("dd", said)) for name, said in rows], class_="facts")


def _plain(value: Any) -> str:
    """A parameter as one reads it: no quotes around a word, no brackets around a list."""
    if value is None:
        return "none"
    if isinstance(value, str):
        return wording.clip(value, _LONGEST)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple) and all(isinstance(one, str | int | float) for one in value):
        return wording.clip(", ".join(map(str, value[:400])), _LONGEST)
    if isinstance(value, Mapping) and all(isinstance(one, str | int | float) for one in value.values()):
        return wording.clip(", ".join(f"{key}: {_plain(one)}" for key, one in value.items()), _LONGEST)
    if isinstance(value, int | float):
        return f"{value:g}" if isinstance(value, float) else str(value)
    return wording.clip(json.dumps(value, ensure_ascii=False, default=str), _LONGEST)
