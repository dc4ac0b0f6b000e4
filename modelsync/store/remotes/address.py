"""The address of a remote: what kind of place it is, and where in it the store lies."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from modelsync.core.errors import UsageError

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)://")
_KINDS = {"s3": "s3", "gs": "gs", "http": "http", "https": "http", "file": "folder"}


@dataclass(frozen=True, slots=True)
class Address:
    """`kind` names the file that knows such places; `where` is the bucket, the folder or the whole URL, `prefix` the
    folder in a bucket, without `/` at its ends.
    """

    url: str
    kind: str
    where: str
    prefix: str = ""


def parse(url: str, base: Path) -> Address:
    """The place that an address names; a relative folder lies in `base`.

    UsageError when it can't be one, or when it holds a password.
    """
    if not url.strip() or any(ord(sign) < 32 for sign in url):
        raise UsageError("the address is empty, or holds control characters", help="such as s3://bucket/folder")
    scheme = _SCHEME.match(url)
    if scheme is None:
        return Address(url, "folder", str(base / Path(url).expanduser()))
    kind = _KINDS.get(scheme[1].lower())
    if kind is None:
        known = ", ".join(f"{name}://" for name in _KINDS)
        raise UsageError(f"`{scheme[1]}://` is no place for data", help=f"known: {known} and folders")
    parts = urlsplit(url)
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise UsageError(
            "the address holds a user, a password, or more than a place, and would be kept for all to read",
            help="give credentials by the variables that the provider's own tools read",
        )
    if kind == "folder":
        return Address(url, kind, unquote(parts.path))
    if kind == "http":
        return Address(url, kind, url.rstrip("/"))
    if not parts.netloc:
        raise UsageError(f"`{url}` names no bucket", help=f"write it as {scheme[1]}://bucket/folder")
    prefix = url.split("://", 1)[1].partition("/")[2].strip("/")
    if any(part in ("", ".", "..") for part in prefix.split("/") if prefix):
        raise UsageError(f"`{url}` has an impossible folder", help=f"write it as {scheme[1]}://bucket/folder")
    return Address(url, kind, parts.netloc, prefix)
