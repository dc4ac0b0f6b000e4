"""References: branches, tags, HEAD, what remotes had; folded from the journal, moved only by compare-and-set."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from modelsync.core.clock import stamp
from modelsync.core.digest import Digest, short
from modelsync.core.errors import ExitCode, ModelSyncError, UsageError
from modelsync.core.nearest import nearest
from modelsync.registry.history import History
from modelsync.registry.journal import Event, Journal

REF_MOVED = "ref.moved"
HEAD = "HEAD"
BRANCHES, TAGS, REMOTES = "branches/", "tags/", "remotes/"
FIRST_BRANCH = "main"
MERGED = "MERGED"  # the last merge that Git asked for, so that it is kept until something else names it
KEPT = timedelta(days=30)  # what a reference left in this time is not collected

_LONGEST = 200  # bytes; a remote keeps references as files
_SHORTEST_ID = 4
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]")  # what `git check-ref-format` refuses
_HEX = re.compile(r"[0-9a-f]{4,64}")
_STEPS = re.compile(r"([~^])([0-9]*)")
_REVISION = re.compile(r"(.*?)((?:[~^][0-9]*)*)", re.DOTALL)
_HELP = "letters, digits and `-`, `_`, `.`, `/` between them are always right, such as `tune/learning-rate`"


class StaleError(ModelSyncError):
    """Somebody else moved the reference meanwhile."""

    exit_code = ExitCode.STALE_PLAN


@dataclass(frozen=True, slots=True)
class Move:
    """A reference going from one value to another; None: it is not there.

    A value is the id of a commit; that of HEAD may also be the full name of a branch. `by` and `at` say who and when.
    """

    name: str
    old: str | None
    new: str | None
    why: str
    by: str
    at: str = ""

    @classmethod
    def of(cls, event: Event) -> Self:
        """The move that an event describes; ValueError when its payload does not fit."""
        values = [event.payload.get(name) for name in ("name", "from", "to", "why", "by")]
        name, old, new, why, by = values
        if event.fault or not (isinstance(name, str) and isinstance(why, str) and isinstance(by, str)):
            raise ValueError(event.fault or "its fields do not fit")
        if not all(value is None or isinstance(value, str) for value in (old, new)):
            raise ValueError("its values are no text")
        return cls(name, old, new, why, by, event.at)


class References:
    """What every reference names after event `seq`, and how it came there."""

    def __init__(self) -> None:
        self.seq = 0
        self.values: dict[str, str] = {}  # by full name
        self.moves: list[Move] = []  # in the order of the journal
        self.problems: list[str] = []

    @classmethod
    def load(cls, journal: Journal) -> Self:
        """The references of a journal; none when there is no journal yet."""
        return cls().refresh(journal)

    def refresh(self, journal: Journal) -> Self:
        """Fold in what came since."""
        for event in journal.events(after=self.seq, kinds=(REF_MOVED,)):
            self.seq = event.seq
            try:
                move = Move.of(event)
            except ValueError as error:
                self.problems.append(f"event {event.seq} ({event.kind}) cannot be read: {error}")
                continue
            self.moves.append(move)
            if move.new is None:
                self.values.pop(move.name, None)
            else:
                self.values[move.name] = move.new
        return self

    @property
    def branch(self) -> str | None:
        """The short name of the branch that HEAD follows; None when HEAD is detached."""
        head = self.values.get(HEAD, BRANCHES + FIRST_BRANCH)
        return head.removeprefix(BRANCHES) if head.startswith(BRANCHES) else None

    @property
    def tip(self) -> Digest | None:
        """The commit that HEAD stands on; None before the first one."""
        head = self.values.get(HEAD, BRANCHES + FIRST_BRANCH)
        found = self.values.get(head) if head.startswith(BRANCHES) else head
        return None if found is None else Digest(found)

    def named(self, prefix: str) -> dict[str, Digest]:
        """The references below `branches/`, `tags/`, `remotes/` by the name behind that, sorted."""
        found = {name: value for name, value in sorted(self.values.items()) if name.startswith(prefix)}
        return {name.removeprefix(prefix): Digest(value) for name, value in found.items()}

    def commits(self) -> set[Digest]:
        """Every commit that a reference names."""
        return {Digest(value) for value in self.values.values() if _is_id(value)}

    def labels(self, id: str) -> tuple[str, ...]:
        """What names a commit, the way people write it: `main`, `v1.0`, `origin/main`."""
        return tuple(brief(name) for name, value in sorted(self.values.items()) if value == id and "/" in name)

    def roots(self, now: datetime) -> set[Digest]:
        """Every commit that a reference names, or named within the last 30 days: what must be kept."""
        since = stamp(now - KEPT)
        recent = {value for move in self.moves if move.at >= since for value in (move.old, move.new)}
        return {Digest(value) for value in {*self.values.values(), *recent} if value and _is_id(value)}


def move(journal: Journal, moves: Sequence[Move]) -> None:
    """Make some moves together or not at all; StaleError, naming who was faster, when one does not start at `old`.

    UsageError when a branch would be both a name and the beginning of another one.
    """
    with journal.transaction():
        now = References.load(journal)
        for each in moves:
            if now.values.get(each.name) != each.old:
                raise _stale(each, now)
            if each.new is not None and each.old is None:
                _refuse_nested(each.name, now.values)
            payload = {"name": each.name, "from": each.old, "to": each.new, "why": each.why, "by": each.by}
            journal.append(REF_MOVED, payload)
            now.refresh(journal)


def check_name(name: str) -> str:
    """The name of a branch or a tag as it was given; UsageError when Git would not take it either."""
    reason = _fault(name)
    if reason:
        raise UsageError(f"`{_shown(name)}` can't name a branch or a tag: {reason}", help=_HELP)
    return name


def brief(name: str) -> str:
    """A full name the way people write it."""
    for prefix in (BRANCHES, TAGS, REMOTES):
        if name.startswith(prefix):
            return name.removeprefix(prefix)
    return name


def resolve(text: str, references: References, history: History) -> Digest:
    """The commit that `main`, `v1.0`, `origin/main`, `HEAD`, `main~2`, `HEAD^2` or the beginning of an id means.

    UsageError when nothing, or more than one thing, has that name, or when history is not that long.
    """
    match = _REVISION.fullmatch(text)
    assert match is not None  # it matches everything
    name, steps = match[1], match[2]
    found = _start(name, text, references, history)
    for sign, count in _STEPS.findall(steps):
        found = _step(text, found, sign, int(count or 1), history)
    return found


def full_name(text: str, references: References) -> str | None:
    """The full name of the reference that people call so; None when there is none.

    UsageError when a branch and a tag have that name.
    """
    if text in ("@", HEAD):
        return HEAD
    known = [f"{prefix}{text}" for prefix in ("", BRANCHES, TAGS, REMOTES) if f"{prefix}{text}" in references.values]
    if len(known) > 1:
        names = " and ".join(f"`{name}`" for name in known)
        raise UsageError(f"`{_shown(text)}` may mean {names}", help="write one of these full names")
    return known[0] if known else None


def _start(name: str, text: str, references: References, history: History) -> Digest:
    found = full_name(name, references)
    if found == HEAD:
        if references.tip is None:
            raise UsageError(
                f"`{_shown(text)}` names nothing yet: there is no commit on `{references.branch}`",
                help="`modelsync add PATH` and `modelsync commit -m MESSAGE` make one",
            )
        return references.tip
    if found is not None:
        return Digest(references.values[found])
    if _HEX.fullmatch(name):
        return _by_beginning(name, references, history)
    raise _unknown(name, references)


def _by_beginning(name: str, references: References, history: History) -> Digest:
    known = history.present(_ids(references))
    ids = sorted(id for id in known if id.startswith(name))
    if not ids:
        raise _unknown(name, references)
    if len(ids) > 1:
        listed = ", ".join(f"{short(id)} ({history.commit(id).title})" for id in ids[:5])
        raise UsageError(f"several commits begin with `{name}`: {listed}", help="write more digits")
    return ids[0]


def _step(text: str, start: Digest, sign: str, count: int, history: History) -> Digest:
    """`~2`: twice the first parent. `^2`: the second parent."""
    if sign == "^":
        parents = history.parents(start)
        if count == 0:
            return start
        if count > len(parents):
            number = f"{len(parents)} parent{'' if len(parents) == 1 else 's'}"
            raise UsageError(
                f"`{_shown(text)}` goes too far: {short(start)} has {number}", help="`modelsync log` shows them"
            )
        return parents[count - 1]
    found = start
    for done in range(count):
        parents = history.parents(found)
        if not parents:
            raise UsageError(
                f"`{_shown(text)}` goes too far: only {done} commit{'' if done == 1 else 's'} lie before it",
                help="`modelsync log` shows them",
            )
        found = parents[0]
    return found


def _ids(references: References) -> set[Digest]:
    seen = {value for move in references.moves for value in (move.old, move.new)}
    return {Digest(value) for value in seen if value and _is_id(value)}


def _is_id(value: str) -> bool:
    return len(value) == 64 and _HEX.fullmatch(value) is not None


def _unknown(name: str, references: References) -> UsageError:
    known = [brief(each) for each in references.values if each != HEAD]
    near = nearest(name, known) if len(name) <= _LONGEST else ""
    listed = ", ".join(sorted(known)[:8]) or "none yet"
    return UsageError(
        f"there is no branch, tag or commit `{_shown(name)}`",
        help=f"did you mean `{near}`?" if near else f"known: {listed}; `modelsync log HEAD` shows the commits",
    )


def _stale(wanted: Move, now: References) -> StaleError:
    last = next((each for each in reversed(now.moves) if each.name == wanted.name), None)
    present = now.values.get(wanted.name)
    where = "is not there any more" if present is None else f"stands on {short(brief(present))} now"
    story = "" if last is None else f": {last.by} moved it at {last.at} ({last.why})"
    return StaleError(
        f"`{brief(wanted.name)}` {where}{story}", help="look at `modelsync log`, then run it again on what is there"
    )


def _refuse_nested(name: str, known: Collection[str]) -> None:
    for other in known:
        if other.startswith(f"{name}/") or name.startswith(f"{other}/"):
            raise UsageError(
                f"`{brief(name)}` can't be beside `{brief(other)}`: one would be a folder of the other",
                help="choose another name, as in Git",
            )


def _fault(name: str) -> str:
    """Why Git would refuse a name; empty when it would not."""
    parts = name.split("/")
    rules: Mapping[str, bool] = {
        "it is empty": not name,
        "it is too long": len(name.encode(errors="replace")) > _LONGEST,
        "it is no UTF-8": not _is_utf8(name),
        "it holds a space, a control character or one of ~ ^ : ? * [ \\": _FORBIDDEN.search(name) is not None,
        "it holds `..`": ".." in name,
        "it holds `@{`, or is `@`": "@{" in name or name == "@",
        "a part of it is empty": "" in parts,
        "a part of it begins with a dot": any(part.startswith(".") for part in parts),
        "a part of it ends with `.lock`": any(part.endswith(".lock") for part in parts),
        "it ends with a dot": name.endswith("."),
        "it begins with `-`": name.startswith("-"),
        "that is the name of something else": name in (HEAD, MERGED),
        "it looks like the id of a commit": _is_id(name),
        "it begins like a full name": name.startswith((BRANCHES, TAGS, REMOTES)),
    }
    return next((reason for reason, broken in rules.items() if broken), "")


def _is_utf8(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _shown(name: str) -> str:
    return name.encode(errors="replace").decode()[:80].translate({code: "?" for code in (*range(32), 127)})
