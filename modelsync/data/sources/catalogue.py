"""Which source answers for an address: one kind, one file, one table."""

from __future__ import annotations

from collections.abc import Callable

from modelsync.core.errors import UsageError
from modelsync.data.sources.base import Source
from modelsync.data.sources.buckets import BucketSource
from modelsync.data.sources.web import WebSource

BY_SCHEME: dict[str, Callable[[str], Source]] = {
    "http": WebSource,
    "https": WebSource,
    "s3": BucketSource,
    "gs": BucketSource,
}


def at(url: str) -> Source:
    """The source behind an address; UsageError for a scheme that nothing here reads."""
    scheme = url.partition("://")[0].lower()
    if scheme not in BY_SCHEME:
        known = ", ".join(f"{each}://" for each in BY_SCHEME)
        raise UsageError(f"nothing reads `{scheme}://`", help=f"an address starts with one of {known}")
    return BY_SCHEME[scheme](url)
