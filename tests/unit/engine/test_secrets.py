"""Secrets, looked up where they lie."""

from __future__ import annotations

from pathlib import Path

import pytest

from modelsync.core.diagnostics import Pos
from modelsync.core.errors import SurroundingsError
from modelsync.engine.secrets import secret
from modelsync.language.delivery import SecretRef
from modelsync.language.model import Secret

AT = Pos(Path("s.yaml"), 1, 1, 1, 1)
REF = SecretRef("base", AT)


def secrets(store: str, key: str) -> dict[str, Secret]:
    return {"base": Secret("base", store, key, AT)}


def test_from_the_environment_and_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "base.txt").write_text("sqlite:///a.db\n")
    assert secret(tmp_path, secrets("env", "DB"), REF, {"DB": " sqlite:///a.db "}) == "sqlite:///a.db"
    assert secret(tmp_path, secrets("file", "base.txt"), REF, {}) == "sqlite:///a.db"
    assert secret(tmp_path, secrets("file", str(tmp_path / "base.txt")), REF, {}) == "sqlite:///a.db"


@pytest.mark.parametrize(
    ("store", "key", "said"),
    [
        ("env", "DB", "the secret `base` is not there: the variable `DB` is not set"),
        ("file", "empty.txt", "the secret `base` is not there: `empty.txt` is empty"),
        ("file", "none.txt", "the secret `base` can't be read from `none.txt`: No such file or directory"),
        ("file", "bytes.txt", "the secret `base` can't be read from `bytes.txt`: it is no text"),
        ("vault", "a/b", "the secret `base` lies in `vault`, which can't be asked yet"),
    ],
)
def test_what_is_not_there_is_told_by_its_place(tmp_path: Path, store: str, key: str, said: str) -> None:
    (tmp_path / "empty.txt").touch()
    (tmp_path / "bytes.txt").write_bytes(b"hunter2\xff")
    with pytest.raises(SurroundingsError) as told:
        secret(tmp_path, secrets(store, key), REF, {})
    assert told.value.message == said
    assert "hunter2" not in told.value.message + told.value.help
