from __future__ import annotations

import pytest

from modelsync.core.printable import printable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("data/ü b.csv", "data/ü b.csv"),
        ("a\x1b[2Jb", "a?[2Jb"),
        ("a\nb\x07", "a?b?"),
        ("\u202egnp", "?gnp"),
        ("\udcff", "?"),
    ],
)
def test_no_sign_moves_the_cursor(text: str, shown: str) -> None:
    assert printable(text) == shown
