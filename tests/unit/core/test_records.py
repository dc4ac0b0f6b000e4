"""Records behave as frozen dataclasses with slots do."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from modelsync.core.records import record


@record
class Point:
    """With every kind of field."""

    x: int
    y: int = 0
    tags: list[str] = field(default_factory=list)
    note: str = field(default="", compare=False)

    @property
    def sum(self) -> int:
        """Methods stay."""
        return self.x + self.y


@dataclass(frozen=True, slots=True)
class Plain:
    """The same as the library makes it."""

    x: int
    y: int = 0
    tags: list[str] = field(default_factory=list)
    note: str = field(default="", compare=False)


@record
class Named:
    """One that says itself how it is shown."""

    name: str

    def __str__(self) -> str:
        return self.name

    def __repr__(self) -> str:
        return f"<{self.name}>"


@record
class Empty:
    """No field at all."""


def test_it_is_made_as_a_dataclass_is() -> None:
    assert (Point(1).x, Point(1).y, Point(1).tags, Point(x=1, y=2).sum) == (1, 0, [], 3)
    assert Point(1).tags is not Point(1).tags
    wrongs: list[tuple[Any, ...]] = [(), (1, 2, [], "", 5)]
    for wrong in wrongs:
        with pytest.raises(TypeError):
            Point(*wrong)


def test_it_is_equal_by_the_fields_that_count() -> None:
    assert Point(1, note="a") == Point(1, note="b")
    assert Point(1) != Point(2)
    other: object = Plain(1)
    assert Point(1) != other
    assert Empty() == Empty()
    assert len({Named("a"), Named("a"), Named("b")}) == 2


def test_it_can_not_be_changed() -> None:
    point = Point(1)
    changes: list[Callable[[], Any]] = [
        lambda: setattr(point, "x", 2),
        lambda: setattr(point, "other", 2),
        lambda: delattr(point, "x"),
    ]
    for change in changes:
        with pytest.raises(dataclasses.FrozenInstanceError, match="can't be changed"):
            change()
    assert not hasattr(point, "__dict__")


def test_the_library_takes_it_for_one_of_its_own() -> None:
    assert [each.name for each in dataclasses.fields(Point)] == [each.name for each in dataclasses.fields(Plain)]
    assert dataclasses.replace(Point(1, 2), x=5) == Point(5, 2)
    assert dataclasses.asdict(Point(1)) == dataclasses.asdict(Plain(1))
    match Point(3, 4):
        case Point(x, y):
            assert (x, y) == (3, 4)
    assert dataclasses.is_dataclass(Point)


def test_it_is_shown_copied_and_pickled() -> None:
    assert repr(Point(1)) == "Point(x=1, y=0, tags=[], note='')"
    assert (repr(Named("a")), str(Named("a"))) == ("<a>", "a")
    assert copy.copy(Point(1, 2)) == copy.deepcopy(Point(1, 2)) == pickle.loads(pickle.dumps(Point(1, 2)))
