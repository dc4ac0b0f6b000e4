from __future__ import annotations

import pytest

from modelsync.core.errors import LockedError
from modelsync.store.remotes.base import Place
from modelsync.store.remotes.condemning import condemn, remove, rescue
from modelsync.store.remotes.layout import condemned_key, pack_key, table_key

NAME = "a" * 64


@pytest.fixture
def condemned(place: Place) -> Place:
    place.create(pack_key(NAME), b"pack")
    place.create(table_key(NAME), b"table")
    condemn(place, NAME)
    condemn(place, NAME)
    return place


def test_what_is_condemned_can_be_removed(condemned: Place) -> None:
    assert remove(condemned, NAME)
    assert list(condemned.list("")) == []
    assert not remove(condemned, NAME)


def test_what_is_rescued_stays(condemned: Place) -> None:
    rescue(condemned, NAME)
    assert not remove(condemned, NAME)
    assert {each.key for each in condemned.list("")} == {pack_key(NAME), table_key(NAME)}
    rescue(condemned, NAME)


def test_what_is_going_cannot_be_counted_on(condemned: Place) -> None:
    condemned.overwrite(condemned_key(NAME), b'{"format": 1, "state": "going"}')
    with pytest.raises(LockedError, match="is removing"):
        rescue(condemned, NAME)
    assert remove(condemned, NAME)  # one that died is ended by the next one


def test_a_rescue_that_died_in_the_middle_holds(condemned: Place) -> None:
    condemned.overwrite(condemned_key(NAME), b'{"format": 1, "state": "kept"}')
    assert not remove(condemned, NAME)
    assert condemned.size(pack_key(NAME)) == 4
    condemn(condemned, NAME)
    assert remove(condemned, NAME)


def test_a_damaged_note_counts_as_condemned(condemned: Place) -> None:
    condemned.overwrite(condemned_key(NAME), b"?")
    rescue(condemned, NAME)
    assert condemned.size(condemned_key(NAME)) is None
