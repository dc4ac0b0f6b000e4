"""Semantic versions and the bump between two of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from typing import Self

_PATTERN = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")


class Bump(IntEnum):
    """How far a version moves; ordered, so that the larger bump is `max`."""

    NONE = 0
    PATCH = 1
    MINOR = 2
    MAJOR = 3

    def __str__(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True, order=True)
class Version:
    """`major.minor.patch` as semver.org 2.0.0 orders them."""

    major: int
    minor: int
    patch: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """The version a text names; ValueError with the expected form otherwise."""
        match = _PATTERN.fullmatch(text)
        if match is None:
            raise ValueError(f"`{text}` is not a version; expected major.minor.patch, such as 1.4.0")
        return cls(*(int(part) for part in match.groups()))

    def bump(self, level: Bump) -> Version:
        """The next version at that level; lower parts start again at 0."""
        match level:
            case Bump.MAJOR:
                return Version(self.major + 1, 0, 0)
            case Bump.MINOR:
                return Version(self.major, self.minor + 1, 0)
            case Bump.PATCH:
                return Version(self.major, self.minor, self.patch + 1)
            case Bump.NONE:
                return self

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"
