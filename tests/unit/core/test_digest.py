from __future__ import annotations

import hashlib
import math
from pathlib import Path

import pytest

from modelsync.core.digest import canonical, of_bytes, of_file, of_value, short


def test_a_file_and_its_bytes_have_the_digest_that_sha256sum_prints(tmp_path: Path) -> None:
    data = b"x" * (3 << 20) + b"end"
    (tmp_path / "f").write_bytes(data)
    assert of_file(tmp_path / "f") == of_bytes(data) == hashlib.sha256(data).hexdigest()


def test_the_order_of_keys_does_not_count_and_that_of_lists_does() -> None:
    assert of_value({"a": 1, "b": [1, 2]}) == of_value({"b": [1, 2], "a": 1})
    assert of_value([1, 2]) != of_value([2, 1])
    assert canonical({"b": 1, "a": "ü"}) == '{"a":"ü","b":1}'


def test_what_is_not_finite_has_no_canonical_text() -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        of_value({"auc": math.nan})


def test_short() -> None:
    assert short("0123456789abcdef") == "0123456789ab"
