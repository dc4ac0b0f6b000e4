"""What a difference of two specs is made of: changes, each of one class, the classes from the most dangerous down."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from modelsync.core.diagnostics import Pos
from modelsync.core.records import record


class Class(StrEnum):
    """What a change does, the most dangerous first."""

    GATE_WEAKENED = "gate weakened"
    APPROVAL_WEAKENED = "approval weakened"
    STAGE_WEAKENED = "stage weakened"  # removed, moved, or its condition lets more through
    ROLLOUT_WEAKENED = "rollout weakened"
    LOOK = "look"  # a guard says something else: which is stricter can't be told from the spec
    ACCESS_WIDENED = "access widened"
    CONTRACT_BROKEN = "contract broken"
    VERSIONING = "versioning changed"
    REMOVED = "removed"
    RERUNS = "re-runs"
    CHANGED = "changed"
    CONTRACT_EXTENDED = "contract extended"
    RENAMED = "renamed"
    ADDED = "added"
    GATE_TIGHTENED = "gate tightened"
    APPROVAL_TIGHTENED = "approval tightened"
    STAGE_TIGHTENED = "stage tightened"
    ROLLOUT_TIGHTENED = "rollout tightened"
    ACCESS_NARROWED = "access narrowed"
    COSMETIC = "cosmetic"

    @property
    def mark(self) -> str:
        """`!` less safe, `?` look, `-` gone, `~` different, `+` more or stricter, `=` only the writing."""
        return MARKS[self]

    @property
    def alarms(self) -> bool:
        """Whether a guard is weaker now, or may be."""
        return self.mark in ("!", "?")

    @property
    def rank(self) -> int:
        """The place in the order of danger, 0 the worst."""
        return _RANKS[self]


MARKS: Mapping[Class, str] = {
    Class.GATE_WEAKENED: "!",
    Class.APPROVAL_WEAKENED: "!",
    Class.STAGE_WEAKENED: "!",
    Class.ROLLOUT_WEAKENED: "!",
    Class.LOOK: "?",
    Class.ACCESS_WIDENED: "!",
    Class.CONTRACT_BROKEN: "-",
    Class.VERSIONING: "~",
    Class.REMOVED: "-",
    Class.RERUNS: "~",
    Class.CHANGED: "~",
    Class.CONTRACT_EXTENDED: "+",
    Class.RENAMED: "~",
    Class.ADDED: "+",
    Class.GATE_TIGHTENED: "+",
    Class.APPROVAL_TIGHTENED: "+",
    Class.STAGE_TIGHTENED: "+",
    Class.ROLLOUT_TIGHTENED: "+",
    Class.ACCESS_NARROWED: "+",
    Class.COSMETIC: "=",
}
_RANKS = {each: rank for rank, each in enumerate(Class)}


@record
class Change:
    """One change: of what, in one sentence, and where it stands before and after; None where it is not there."""

    kind: Class
    what: str  # gate `fair`; empty for the spec as a whole
    said: str
    before: Pos | None = None
    after: Pos | None = None

    @property
    def order(self) -> tuple[int, Pos | None]:
        """The most dangerous first."""
        return self.kind.rank, self.after or self.before

    def __str__(self) -> str:
        return f"{self.what}: {self.said}" if self.what else self.said


@record
class Difference:
    """All changes, the most dangerous first; none when two specs are the same text."""

    changes: tuple[Change, ...]

    @property
    def is_cosmetic(self) -> bool:
        """Whether the meaning is the same."""
        return all(change.kind is Class.COSMETIC for change in self.changes)

    @property
    def alarms(self) -> bool:
        """Whether a gate, an approval, a stage, a rollout or access guards less now, or may do."""
        return any(change.kind.alarms for change in self.changes)
