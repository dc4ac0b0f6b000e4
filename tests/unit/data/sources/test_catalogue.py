"""Every scheme that a spec may write has its source."""

from __future__ import annotations

import pytest

from modelsync.core.errors import UsageError
from modelsync.data.sources.buckets import BucketSource
from modelsync.data.sources.catalogue import at
from modelsync.data.sources.web import WebSource


def test_each_scheme() -> None:
    assert at("https://h/x.csv") == WebSource("https://h/x.csv")
    assert at("HTTP://h/x.csv") == WebSource("HTTP://h/x.csv")
    assert at("s3://b/x") == BucketSource("s3://b/x")
    assert at("gs://b/x") == BucketSource("gs://b/x")


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://h/x", "x.csv"])
def test_what_nothing_reads(url: str) -> None:
    with pytest.raises(UsageError, match="nothing reads"):
        at(url)
