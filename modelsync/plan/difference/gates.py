"""Gates: what each asks and what follows, and whether that is stricter or weaker than before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from modelsync.core.checks import WhenAbsent
from modelsync.core.verdict import GateSeverity
from modelsync.language.model import Code, Gate, Ref
from modelsync.plan.difference.asks import Ask, asks, pairs
from modelsync.plan.difference.changes import Change, Class
from modelsync.plan.difference.parts import Moved, Rule, Way, cap, look, moved, neutral, ranked, say, seconds, sliced
from modelsync.plan.difference.sides import Side


def _least(old: Any, new: Any) -> Way:
    """Only two limits can be compared; that there are groups at all is told of their columns."""
    return Way.NEUTRAL if old is None or new is None else cap(old, new)


_ABSENT = ranked(WhenAbsent.PASS, WhenAbsent.HOLD, WhenAbsent.FAIL)
_RULES: Mapping[str, Rule] = {
    "kind": look,
    "target": look,
    "data": look,
    "reference": look,
    "uses": look,
    "with": look,
    "label": look,
    "severity": ranked(GateSeverity.INFO, GateSeverity.WARNING, GateSeverity.CRITICAL),
    "no_reference": _ABSENT,
    "inconclusive": _ABSENT,
    "by": sliced,
    "min_rows": _least,
    "report": neutral,
    "timeout": neutral,
}
KINDS = {
    Way.WEAKER: Class.GATE_WEAKENED,
    Way.TIGHTER: Class.GATE_TIGHTENED,
    Way.LOOK: Class.LOOK,
    Way.NEUTRAL: Class.CHANGED,
}


def compare(old: Side, new: Side) -> Iterator[Change]:
    """Every change of a gate; the gates of a stage are told with the stages."""
    for name, gate in old.spec.gates.items():
        if name not in new.spec.gates:
            yield Change(
                Class.GATE_WEAKENED, f"gate `{name}`", f"was removed{_asked(old, gate)}", old.at("gates", name)
            )
        else:
            yield from _gate(old, new, gate, new.spec.gates[name])
    for name, gate in new.spec.gates.items():
        if name not in old.spec.gates:
            said = f"was added{_asked(new, gate)}"
            yield Change(Class.GATE_TIGHTENED, f"gate `{name}`", said, after=new.at("gates", name))


def _asked(side: Side, gate: Gate) -> str:
    stages = [f"`{stage.name}`" for stage in side.spec.stages.values() if gate.name in stage.gates]
    return f"; {'stage' if len(stages) == 1 else 'stages'} {', '.join(stages)} asked it" if stages else ""


def _gate(old: Side, new: Side, before: Gate, after: Gate) -> Iterator[Change]:
    what = f"gate `{before.name}`"
    for found in moved(_settings(before), _settings(after), _RULES):
        path = _path(before.name, found.name)
        yield Change(KINDS[found.way], what, _said(found), old.at(*path), new.at(*path))
    if before.kind == after.kind:
        for one, other in pairs(asks(before), asks(after)):
            yield from _ask(old, new, before.name, one, other)


def _settings(gate: Gate) -> dict[str, Any]:
    """What a gate says beside its checks, under the keys of the spec."""
    return {
        "kind": gate.kind,
        "target": str(gate.target),
        "data": None if gate.data is None else str(gate.data),
        "reference": str(gate.reference) if isinstance(gate.reference, Ref) else gate.reference,
        "uses": None if gate.uses is None else _function(gate.uses),
        "with": dict(gate.arguments) or None,
        "label": None if gate.label is None else (gate.label.column, gate.label.positive),
        "severity": gate.severity,
        "no_reference": gate.no_reference,
        "inconclusive": gate.inconclusive,
        "by": None if gate.slices is None else gate.slices.by,
        "min_rows": None if gate.slices is None else gate.slices.min_rows,
        "report": gate.report,
        "timeout": seconds(gate.timeout),
    }


def _function(code: Code) -> str:
    return code.name if code.file is None else f"{code.file}:{code.name}"


def _path(gate: str, key: str) -> tuple[str, ...]:
    return ("gates", gate, "slices", key) if key in ("by", "min_rows") else ("gates", gate, key)


def _said(found: Moved) -> str:
    return f"{found}: which is stricter can't be told" if found.way is Way.LOOK else str(found)


def _ask(old: Side, new: Side, gate: str, one: Ask | None, other: Ask | None) -> Iterator[Change]:
    what = f"gate `{gate}`"
    if one is None or other is None:
        ask = one or other
        assert ask is not None
        said = f"{ask.said} is asked {'no longer' if other is None else 'as well'}{_values(ask)}"
        before = None if one is None else old.check_at(gate, one.index, "")
        after = None if other is None else new.check_at(gate, other.index, "")
        yield Change(Class.GATE_WEAKENED if other is None else Class.GATE_TIGHTENED, what, said, before, after)
        return
    for found in moved(one.values, other.values, {**one.rules, **other.rules}):
        if found.way is not Way.NEUTRAL:
            places = old.check_at(gate, one.index, found.name), new.check_at(gate, other.index, found.name)
            yield Change(KINDS[found.way], what, f"{one.said}: {_said(found)}", *places)


def _values(ask: Ask) -> str:
    """The limits of what came or went."""
    said = [f"{name} {say(value)}" for name, value in ask.values.items() if isinstance(value, int | float)]
    return f" ({', '.join(said)})" if said else ""
