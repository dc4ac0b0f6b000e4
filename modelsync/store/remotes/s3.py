"""Remotes in S3 and what speaks like it."""

from __future__ import annotations

from typing import Any

from modelsync.core.errors import UsageError
from modelsync.store.remotes.address import Address
from modelsync.store.remotes.base import Access
from modelsync.store.remotes.buckets import CLIENT, RETRY, Bucket


def open_s3(address: Address, access: Access) -> Bucket:
    """The bucket of an address. Credentials that `access` does not bring are those of Amazon's own tools."""
    from obstore.exceptions import BaseError
    from obstore.store import S3Store

    config: Any = {**access.options, "checksum_algorithm": "SHA256"}
    config |= {"region": access.region} if access.region else {}
    config |= {"endpoint": access.endpoint} if access.endpoint else {}
    plain = str(config.get("endpoint", "")).startswith("http://")
    options: Any = {**CLIENT, "allow_http": plain}
    retry: Any = RETRY
    try:
        store = S3Store(address.where, config=config, client_options=options, retry_config=retry)
    except (BaseError, ValueError) as error:
        said = str(error).partition("\n")[0]
        raise UsageError(f"`{address.url}` can't be used: {said}", help="check the address and the options") from None
    return Bucket(address.url, store, address.prefix)
