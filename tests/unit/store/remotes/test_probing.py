from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from modelsync.store.remotes.base import Place
from modelsync.store.remotes.probing import clock, compares_and_sets


def test_places_that_compare(place: Place) -> None:
    assert compares_and_sets(place)
    assert list(place.list("")) == []


@pytest.mark.parametrize("forgets", [("if-none-match",), ("if-match",), ("if-match", "if-none-match")])
def test_a_server_that_only_pretends_to(line: Any, s3_at: Callable[[int], Place], forgets: tuple[str, ...]) -> None:
    line.forgets = forgets
    assert not compares_and_sets(s3_at(line.port))
    line.forgets = ()
    assert compares_and_sets(s3_at(line.port))


def test_the_time_is_that_of_the_place(folder: Place) -> None:
    assert abs(clock(folder) - time.time()) < 60
    assert list(folder.list("")) == []
