from __future__ import annotations

from pathlib import Path

import pytest

from modelsync.core.errors import UsageError
from modelsync.store.remotes.address import Address, parse

BASE = Path("/project")


@pytest.mark.parametrize(
    ("url", "kind", "where", "prefix"),
    [
        ("s3://bucket", "s3", "bucket", ""),
        ("s3://bucket/some/folder/", "s3", "bucket", "some/folder"),
        ("gs://bucket/x", "gs", "bucket", "x"),
        ("https://host:8080/store/", "http", "https://host:8080/store", ""),
        ("../shared", "folder", "/project/../shared", ""),
        ("/disk/shared", "folder", "/disk/shared", ""),
        ("file:///disk/with%20space", "folder", "/disk/with space", ""),
    ],
)
def test_addresses(url: str, kind: str, where: str, prefix: str) -> None:
    assert parse(url, BASE) == Address(url, kind, where, prefix)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("", "empty"),
        ("s3://bu\nket", "control"),
        ("ftp://host/x", "no place for data"),
        ("s3:///folder", "names no bucket"),
        ("s3://bucket/../x", "impossible folder"),
        ("s3://bucket/a//b", "impossible folder"),
        ("https://me:word@host/x", "a user, a password"),
        ("s3://bucket/x?token=1", "a user, a password"),
    ],
)
def test_what_can_be_no_address(url: str, said: str) -> None:
    with pytest.raises(UsageError, match=said) as caught:
        parse(url, BASE)
    assert "word" not in str(caught.value).replace("password", "")
