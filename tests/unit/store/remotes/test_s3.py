from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from modelsync.core.errors import UsageError
from modelsync.store.remotes.address import parse
from modelsync.store.remotes.base import Access, Place
from modelsync.store.remotes.s3 import open_s3


def test_the_server_checks_what_arrives(line: Any, s3_at: Callable[[int], Place]) -> None:
    line.fault = lambda number, method, path: None
    bucket: Any = s3_at(line.port)
    assert bucket.store.config["checksum_algorithm"].upper() == "SHA256"


def test_an_option_that_nobody_knows() -> None:
    with pytest.raises(UsageError, match="can't be used"):
        open_s3(parse("s3://bucket/x", Path()), Access(options={"colour": "red"}))
