from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from modelsync.store.remotes.collecting import RESPITE, YOUNG, carry_out, judge
from modelsync.store.remotes.layout import condemned_key, pack_key


@pytest.fixture
def crowded(team: Any, source: Path, tmp_path: Path) -> tuple[Any, set[bytes], str, str]:
    """One pack that is needed and one that nobody needs: the person, what is needed, and the names."""
    ada, _ = team
    first = ada.commit(source)
    ada.send(*ada.needed(first))
    (needed,) = ada.tables.packs
    (tmp_path / "lost").mkdir()
    (tmp_path / "lost" / "x").write_text("nobody's\n")
    ada.send(*ada.needed(ada.commit(tmp_path / "lost")))
    (other,) = ada.tables.packs.keys() - {needed}
    ids = {record.id for record in ada.tables.pack(needed)}
    return ada, ids, needed, other


def _age(ada: Any, key: str, seconds: float) -> None:
    path = ada.place.root / key
    when = path.stat().st_mtime - seconds
    os.utime(path, (when, when))


def _judge(ada: Any, ids: set[bytes]) -> Any:
    ada.tables.refresh()
    return judge(ada.place, ada.tables, ids)


def test_first_condemned_and_two_weeks_later_removed(crowded: Any) -> None:
    ada, ids, needed, other = crowded
    assert _judge(ada, ids).condemn == ()  # too young
    _age(ada, pack_key(other), YOUNG + 60)
    _age(ada, pack_key(needed), YOUNG + 60)
    judged = _judge(ada, ids)
    assert judged.condemn == (other,) and judged.remove == ()
    assert carry_out(ada.place, judged) == 0
    assert _judge(ada, ids).wait == (other,)
    _age(ada, condemned_key(other), RESPITE + 60)
    judged = _judge(ada, ids)
    assert judged.remove == (other,) and judged.size == ada.tables.packs[other]
    assert carry_out(ada.place, judged) == 1
    ada.tables.refresh()
    assert set(ada.tables.packs) == {needed} and ada.tables.condemned == {}


def test_what_is_needed_again_is_kept(crowded: Any) -> None:
    ada, ids, needed, other = crowded
    _age(ada, pack_key(other), YOUNG + 60)
    carry_out(ada.place, _judge(ada, ids))
    _age(ada, condemned_key(other), RESPITE + 60)
    everything = ids | {record.id for record in ada.tables.pack(other)}
    judged = _judge(ada, everything)
    assert judged.rescue == (other,) and judged.remove == ()
    carry_out(ada.place, judged)
    ada.tables.refresh()
    assert set(ada.tables.packs) == {needed, other} and ada.tables.condemned == {}


def test_judging_changes_nothing(crowded: Any) -> None:
    ada, ids, _, other = crowded
    _age(ada, pack_key(other), YOUNG + 60)
    before = {each.key for each in ada.place.list("")}
    _judge(ada, ids)
    assert {each.key for each in ada.place.list("")} == before
