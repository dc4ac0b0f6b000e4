from __future__ import annotations

import os
from pathlib import Path

import pytest

from modelsync.api.sharing.collecting import collect, collectable
from modelsync.api.sharing.remotes import choose
from modelsync.core.errors import UsageError
from modelsync.store.remotes.collecting import RESPITE, YOUNG
from tests.unit.api.sharing.conftest import Clone, cloned


def _age(shared: Path, seconds: float) -> None:
    for path in (path for part in ("packs", "condemned") for path in (shared / part).rglob("*")):
        when = path.stat().st_mtime - seconds
        os.utime(path, (when, when))


def test_what_a_killed_push_left_goes_in_two_steps(ada: Clone, shared: Path, tmp_path: Path) -> None:
    other = cloned(str(shared), tmp_path / "other")
    ada.save("never arrives", more__txt="more\n")
    ada.run("push", exit=137, failpoint="after_remote_request:2")  # pack and table are there, the reference is not
    remote = choose(other.repository, None)
    assert len(list(shared.glob("idx/*"))) == 2
    _age(shared, YOUNG + 60)
    assert len(collectable(other.repository, remote).condemn) == 1
    assert not (shared / "condemned").exists()
    collect(other.repository, remote)
    assert len(list(shared.glob("packs/*/*.pack"))) == 2
    _age(shared, RESPITE + 60)
    assert len(collect(other.repository, remote).remove) == 1
    assert len(list(shared.glob("packs/*/*.pack"))) == 1 and not list((shared / "condemned").iterdir())
    cloned(str(shared), tmp_path / "fresh").assert_whole()
    other.assert_whole()


def test_a_push_of_something_condemned_saves_it(ada: Clone, shared: Path, tmp_path: Path) -> None:
    ada.save("late", more__txt="more\n")
    ada.run("push", exit=137, failpoint="after_remote_request:2")
    _age(shared, YOUNG + 60)
    collect(ada.repository, choose(ada.repository, None))
    assert len(list((shared / "condemned").iterdir())) == 1
    ada.push()
    assert list((shared / "condemned").iterdir()) == []
    _age(shared, RESPITE + 60)
    assert collect(ada.repository, choose(ada.repository, None)).remove == ()
    assert cloned(str(shared), tmp_path / "fresh").files() == ada.files()


def test_nothing_to_collect_where_nothing_was_pushed(ada: Clone, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    ada.run("remote", "add", "origin", "../empty")
    assert collectable(ada.repository, choose(ada.repository, None)).condemn == ()
    (tmp_path / "empty/config.json").unlink()
    with pytest.raises(UsageError, match="there is no data"):
        collectable(ada.repository, choose(ada.repository, None))
