from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from modelsync.api.sharing.adding import add
from modelsync.api.sharing.remotes import Remote, address_of, choose, keep, remotes, remove
from modelsync.core.errors import DamageError, SurroundingsError, UsageError
from tests.unit.api.sharing.conftest import Clone, cloned

SPEC = """modelsync: 1
project: churn
secrets:
  lake_key: {env: LAKE_KEY}
remotes:
  lake:
    url: BUCKET
    region: us-east-1
    default: true
    credentials: {access_key_id: secrets.lake_key, secret_access_key: secrets.lake_key}
datasets:
  people: {source: data/people.csv}
"""


def test_one_is_chosen_without_a_name(ada: Clone, tmp_path: Path) -> None:
    repository = ada.repository
    with pytest.raises(UsageError, match="no remote is known"):
        choose(repository, None)
    keep(repository, Remote("one", "one"))
    assert choose(repository, None).name == "one"
    keep(repository, Remote("two", "two"))
    with pytest.raises(UsageError, match="several remotes: one, two"):
        choose(repository, None)
    keep(repository, Remote("origin", "three"))
    assert choose(repository, None).name == "origin"
    keep(repository, Remote("two", "two", default=True))
    keep(repository, Remote("one", "one", default=True))
    assert choose(repository, None).name == "one"
    with pytest.raises(UsageError, match="no remote `tow`") as caught:
        choose(repository, "tow")
    assert "`two`" in caught.value.help
    remove(repository, "one")
    assert list(remotes(repository)) == ["origin", "two"]


@pytest.mark.parametrize("name", ["", "a/b", "-x", "a b", "..", "x~1"])
def test_names_that_lead_elsewhere(ada: Clone, name: str) -> None:
    with pytest.raises(UsageError, match="can't name"):
        _add(ada, name)
    assert not (ada.root / ".modelsync/remotes.json").exists()


def _add(ada: Clone, name: str) -> None:
    add(ada.repository, Remote(name, "../there"))


def test_what_cannot_be_reached_is_not_kept(ada: Clone, s3: str, tmp_path: Path) -> None:
    for url, kind, said in (
        ("s3://never-made/x", UsageError, "no bucket"),
        ("http://127.0.0.1:1/x", SurroundingsError, "does not answer"),
        ("s3://me:word@bucket/x", UsageError, "a user, a password"),
    ):
        with pytest.raises(kind, match=said):
            ada.add_remote(url)
    assert remotes(ada.repository) == {}


def test_credentials_that_only_read(ada: Clone, s3: str, line: Any, tmp_path: Path) -> None:
    ada.add_remote(s3)
    ada.push()
    line.use()
    line.fault = lambda number, method, path: 403 if method == "PUT" else None
    bob = cloned(s3, tmp_path / "bob")
    assert bob.files() == ada.files()
    bob.save("own", own__txt="own\n")
    with pytest.raises(UsageError, match="only be read from here"):
        bob.push()
    remove(bob.repository, "origin")
    bob.run("remote", "add", "lake", s3)
    assert "read-only" in bob.run("remote", "show")
    line.fault = lambda number, method, path: 403
    with pytest.raises(SurroundingsError, match="not open to these credentials"):
        bob.fetch()


def test_nothing_secret_is_kept(ada: Clone, s3: str) -> None:
    ada.add_remote(s3)
    ada.push()
    ada.repository.workspace.store.close()
    for path in (ada.root / ".modelsync").rglob("*"):
        if path.is_file():
            assert b"hidden-secret" not in path.read_bytes(), path
    assert "hidden-secret" not in repr(choose(ada.repository, None))


def test_a_spec_says_where_the_data_lies(ada: Clone, s3: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (ada.root / "modelsync.yaml").write_text(SPEC.replace("BUCKET", s3))
    keep(ada.repository, Remote("lake", "../elsewhere"))
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    found = choose(ada.repository, None)
    assert found.url == s3 and found.spec == "modelsync.yaml" and found.default
    with pytest.raises(SurroundingsError, match="LAKE_KEY"):
        ada.push()
    monkeypatch.setenv("LAKE_KEY", "key")
    assert ada.push().sent.packs == 1
    with pytest.raises(UsageError, match=r"stands in modelsync\.yaml"):
        remove(ada.repository, "lake")
    with pytest.raises(UsageError, match="the remote `lake` is s3://"):
        _add(ada, "lake")


def test_a_spec_with_faults_is_named(ada: Clone) -> None:
    (ada.root / "modelsync.yaml").write_text(SPEC.replace("{source:", "{sauce:"))
    with pytest.raises(UsageError, match="no remote is known") as caught:
        ada.push()
    assert "modelsync.yaml has faults" in caught.value.help


def test_a_folder_is_right_from_everywhere(ada: Clone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ada.root / "data")
    assert address_of(ada.repository, "../../shared") == "../shared"
    assert address_of(ada.repository, "/disk") == "/disk" and address_of(ada.repository, "s3://b/x") == "s3://b/x"


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 1, "remotes": {"x": {}}}'])
def test_a_damaged_list(ada: Clone, text: str) -> None:
    (ada.root / ".modelsync/remotes.json").write_text(text)
    with pytest.raises(DamageError, match=r"remotes\.json"):
        remotes(ada.repository)


def test_a_newer_list(ada: Clone) -> None:
    (ada.root / ".modelsync/remotes.json").write_text(json.dumps({"format": 2}))
    with pytest.raises(UsageError, match="newer"):
        remotes(ada.repository)
