"""YAML of other tools."""

from __future__ import annotations

from pathlib import Path

import pytest

from modelsync.core.errors import UsageError
from modelsync.language.text import plain as module
from modelsync.language.text.plain import plain

FILE = Path("dvc.lock")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", None),
        ("\ufeffa: 1", {"a": 1}),
        ("outs:\n- {md5: '12e45', path: on, size: 3}", {"outs": [{"md5": "12e45", "path": "on", "size": 3}]}),
        ("a: &x [1]\nb: *x", {"a": [1], "b": [1]}),
    ],
)
def test_plain_data(text: str, said: object) -> None:
    assert plain(FILE, text.encode()) == said


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"a: [1\nb: 2", r"^dvc.lock:2:2: "),
        (b"a: 1\na: 2", r"^dvc.lock:2:1: "),
        (b"a: !!python/object/apply:os.system [ls]", r"^dvc.lock:1:4: "),
        (b"a: \xff", "`dvc.lock` is not UTF-8"),
        (b"[" * 5000, "`dvc.lock` can't be read as YAML"),
    ],
)
def test_what_is_no_plain_data_is_told_with_its_place(data: bytes, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        plain(FILE, data)


def test_a_file_that_is_too_large_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LARGEST", 3)
    with pytest.raises(UsageError, match="has 4 bytes"):
        plain(FILE, b"a: 1")
