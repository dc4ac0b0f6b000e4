from __future__ import annotations

from pathlib import Path

import pytest

from modelsync.core.errors import UsageError
from modelsync.store.remotes.address import parse
from modelsync.store.remotes.base import Access
from modelsync.store.remotes.gcs import open_gcs


def test_an_option_that_nobody_knows() -> None:
    with pytest.raises(UsageError, match="can't be used"):
        open_gcs(parse("gs://bucket/x", Path()), Access("http://127.0.0.1:1", options={"colour": "red"}))
