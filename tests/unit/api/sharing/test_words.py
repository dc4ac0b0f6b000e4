"""The commands, typed."""

from __future__ import annotations

from pathlib import Path

from tests.unit.api.sharing.conftest import Clone


def test_a_day_with_a_shared_folder(ada: Clone, tmp_path: Path) -> None:
    assert "no remotes" in ada.run("remote", "list")
    assert ada.run("remote", "add", "origin", "../shared", "--default") == "origin is ../shared\n"
    said = ada.run("push")
    assert "main on origin: new -> " in said and "sent " in said
    assert "is on origin already" in ada.run("push")
    ada.run("tag", "v1")
    assert "v1 on origin: new -> " in ada.run("push", "origin", "v1")
    shown = ada.run("remote", "show")
    assert "origin ../shared: shared" in shown and "v1" in shown and "1 pack," in shown
    bob = Clone(tmp_path / "bob")
    assert "on main " in Clone(tmp_path).run("clone", "shared", "bob")
    assert bob.files() == ada.files()
    bob.save("second", more__txt="more\n")
    assert "main on origin: " in bob.run("push", "origin", "main")
    assert "origin/main: " in ada.run("fetch")
    assert "nothing new" in ada.run("fetch", "origin", "main")
    ada.save("own", own__txt="own\n")
    assert "`modelsync pull` first" in ada.run("push", exit=6)
    assert "merged origin/main: " in ada.run("pull")
    assert "nothing to merge" in ada.run("pull", "origin", "main")
    ada.run("push")
    assert "condemned: 0 packs" in ada.run("remote", "gc")
    assert ada.run("remote", "remove", "origin") == "origin is forgotten\n"
    assert "no remote is known" in ada.run("push", exit=2)


def test_a_conflict_ends_with_its_own_code(ada: Clone, shared: Path, tmp_path: Path) -> None:
    Clone(tmp_path).run("clone", str(shared), "bob")
    bob = Clone(tmp_path / "bob")
    bob.save("bob's", notes__txt="bob\n")
    bob.push()
    ada.save("ada's", notes__txt="ada\n")
    said = ada.run("pull", exit=5)
    assert "conflict   data/notes.txt" in said and "modelsync merge --abort" in said


def test_nobody_answers(ada: Clone, monkeypatch: object) -> None:
    said = ada.run("remote", "add", "far", "http://127.0.0.1:1/x", exit=9)
    assert said.startswith("error: `http://127.0.0.1:1/x` does not answer") and "Traceback" not in said
    assert "no remotes" in ada.run("remote", "list")
