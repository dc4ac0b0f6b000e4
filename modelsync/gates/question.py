"""What a gate is asked and what a kind of gate answers: tables and models in, checks out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from modelsync.core.checks import Asked, Label, Slices, WhenAbsent
from modelsync.core.findings import Validator
from modelsync.core.verdict import Check, GateSeverity, Outcome
from modelsync.gates.profile import Profile

if TYPE_CHECKING:
    import pandas as pd

_Kind = TypeVar("_Kind")


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """One gate with everything it looks at, loaded.

    `columns` is what the contract says of each column, in the form of `Column.to_json`; it tells numbers from
    categories and features from labels and ids. `key` names the columns that tell rows apart. `features` names what
    the model was trained on, when the model does not say so itself. `now` is when the gate is judged, `timeout` the
    seconds that a custom check may take. `members` are the metrics of each training that a stability gate compares.
    """

    gate: str
    kind: str
    severity: GateSeverity = GateSeverity.CRITICAL
    inconclusive: WhenAbsent = WhenAbsent.HOLD
    no_reference: WhenAbsent = WhenAbsent.FAIL
    table: pd.DataFrame | None = None
    reference: pd.DataFrame | None = None
    reference_profile: Profile | None = None  # stands for the reference in a drift gate when that is not there
    model: Any | None = None
    champion: Any | None = None
    label: Label | None = None
    columns: Mapping[str, Mapping[str, Any]] | None = None
    key: tuple[str, ...] = ()
    checks: tuple[Asked, ...] = ()
    slices: Slices | None = None
    function: Validator | Callable[..., Any] | None = None
    arguments: Mapping[str, Any] = field(default_factory=dict)
    seed: int = 0
    features: tuple[str, ...] | None = None
    now: datetime | None = None
    timeout: float | None = None
    asks_reference: bool = False  # the gate names one; without it `no_reference` decides, as for drift always
    members: Mapping[str, Mapping[str, float]] | None = None

    def asked(self, kind: type[_Kind]) -> list[tuple[int, _Kind]]:
        """The checks of one kind, each with its place among all of them (`Check.asked`)."""
        return [(place, check) for place, check in enumerate(self.checks) if isinstance(check, kind)]

    def declared(self, name: str) -> Mapping[str, Any]:
        """What the contract says of a column; nothing when it does not name it."""
        return (self.columns or {}).get(name, {})

    def is_feature(self, name: str) -> bool:
        """Whether a column may be one: neither the label, nor declared as label or id, nor part of the key."""
        if name in self.key or (self.label is not None and name == self.label.column):
            return False
        return bool(self.declared(name).get("role", "feature") == "feature")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a kind of gate found.

    `aside` are the ids of checks that are shown and do not decide (one column of many, of which a share may fail).
    `absent` are the ids of checks whose outcome `no_reference` gave, so that `inconclusive` does not touch them.
    """

    checks: tuple[Check, ...]
    params: dict[str, Any] = field(default_factory=dict)
    engine: str = ""
    aside: frozenset[str] = frozenset()
    absent: frozenset[str] = frozenset()


class GateError(Exception):
    """The check as a whole can't be made; the message is the verdict's reason."""


WHEN_ABSENT = {
    WhenAbsent.PASS: Outcome.PASS,
    WhenAbsent.FAIL: Outcome.FAIL,
    WhenAbsent.HOLD: Outcome.INCONCLUSIVE,
}


def need_table(question: Question) -> pd.DataFrame:
    """The table; GateError when there is none or it has no rows, because no row keeps every promise."""
    if question.table is None:
        raise GateError(f"gate `{question.gate}` was given no table; a {question.kind} gate needs one")
    if not len(question.table):
        raise GateError(f"gate `{question.gate}` was given a table without rows, of which nothing can be said")
    return question.table


def numbered(names: Iterable[str]) -> list[str]:
    """The same names, the second of a kind as `name[2]` and so on: every check needs an id of its own."""
    seen: dict[str, int] = {}
    found = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        found.append(name if seen[name] == 1 else f"{name}[{seen[name]}]")
    return found


def first_line(error: BaseException) -> str:
    """An exception for people: its class and the first line of what it says; some can't even be asked."""
    try:
        said = (str(error).strip().splitlines() or ["(no message)"])[0][:300]
    except Exception:
        said = "..."
    return f"{type(error).__name__}: {said}"
