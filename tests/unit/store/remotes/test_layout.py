from __future__ import annotations

import pytest

from modelsync.core.digest import Digest
from modelsync.core.errors import DamageError, UsageError
from modelsync.store.remotes import layout
from modelsync.store.remotes.base import Place
from modelsync.store.remotes.layout import (
    CONFIG,
    RemoteRef,
    begin,
    has_begun,
    move_ref,
    pack_name,
    read_ref,
    read_refs,
    remove_ref,
)

ID, NEXT = Digest("a" * 64), Digest("b" * 64)


def _ref(name: str = "branches/main", commit: Digest = ID, by: str = "Ada") -> RemoteRef:
    return RemoteRef(name, commit, by, "2026-11-21T08:00:00.000Z")


@pytest.mark.parametrize("make", [layout.pack_key, layout.table_key, layout.condemned_key])
def test_keys_tell_the_pack(make: object) -> None:
    assert callable(make)
    assert pack_name(make(ID)) == ID
    assert pack_name(f"{make(ID)}x") is None
    assert pack_name(f"x{make(ID)}") is None


def test_a_reference_moves_for_who_saw_it(place: Place) -> None:
    assert read_ref(place, "branches/main") is None
    assert move_ref(place, None, _ref())
    assert not move_ref(place, None, _ref(commit=NEXT))
    seen = read_ref(place, "branches/main")
    assert seen is not None and seen.ref.commit == ID and seen.ref.by == "Ada"
    assert move_ref(place, seen, _ref(commit=NEXT, by="Grace"))
    assert not move_ref(place, seen, _ref(commit=NEXT, by="Grace"))  # the same content, and yet not this move
    last = read_ref(place, "branches/main")
    assert last is not None and last.ref.by == "Grace"


def test_an_own_move_whose_answer_was_lost_is_known_again(folder: Place) -> None:
    class Deaf:
        def create(self, key: str, data: bytes) -> bool:
            folder.create(key, data)
            return False

        def __getattr__(self, name: str) -> object:
            return getattr(folder, name)

    assert move_ref(Deaf(), None, _ref())  # type: ignore[arg-type]


def test_a_reference_is_removed_by_who_saw_it_and_can_come_again(place: Place) -> None:
    assert move_ref(place, None, _ref())
    seen = read_ref(place, "branches/main")
    assert seen is not None
    assert move_ref(place, seen, _ref(commit=NEXT))
    assert not remove_ref(place, seen, "Ada", "now")  # somebody moved it
    last = read_ref(place, "branches/main")
    assert last is not None and remove_ref(place, last, "Ada", "now")
    assert read_ref(place, "branches/main") is None
    assert list(read_refs(place)) == []
    assert not move_ref(place, last, _ref(commit=NEXT))  # who did not see that it went
    assert move_ref(place, None, _ref())
    assert not move_ref(place, None, _ref(commit=NEXT))
    assert not remove_ref(place, last, "Ada", "now")
    assert [seen.ref.commit for seen in read_refs(place)] == [ID]


def test_names_below_each_other_are_no_trouble(place: Place) -> None:
    names = ["branches/a", "branches/a/b", "branches/ä/x", "tags/a"]
    for name in names:
        assert move_ref(place, None, _ref(name))
    assert sorted(seen.ref.name for seen in read_refs(place)) == sorted(names)


@pytest.mark.parametrize(
    "text", [b"", b"{}", b"[]", b'{"format": 1, "commit": "../x", "by": "", "at": "", "nonce": ""}']
)
def test_a_damaged_reference_is_named(folder: Place, text: bytes) -> None:
    folder.create("refs/branches/main", text)
    with pytest.raises(DamageError, match="refs/branches/main"):
        list(read_refs(folder))


def test_a_remote_begins_once(place: Place) -> None:
    assert not has_begun(place)
    begin(place)
    begin(place)
    assert has_begun(place)


def test_other_things_are_left_alone(folder: Place) -> None:
    folder.create("thesis.txt", b"x")
    with pytest.raises(UsageError, match=r"thesis\.txt"):
        begin(folder)
    assert folder.read(CONFIG) is None


@pytest.mark.parametrize("text", [b"", b"[]", b"{}", b'{"kind": "x", "format": 1}'])
def test_another_programs_config(folder: Place, text: bytes) -> None:
    folder.create(CONFIG, text)
    with pytest.raises(DamageError, match=CONFIG):
        begin(folder)


def test_newer_formats_are_refused_untouched(folder: Place) -> None:
    folder.create(CONFIG, b'{"kind": "modelsync remote", "format": 2}')
    folder.create("refs/branches/main", b'{"format": 2}')
    with pytest.raises(UsageError, match="format 2"):
        begin(folder)
    with pytest.raises(UsageError, match="format 2"):
        read_ref(folder, "branches/main")
