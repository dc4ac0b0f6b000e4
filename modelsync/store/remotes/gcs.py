"""Remotes in Google Cloud Storage."""

from __future__ import annotations

import json
from typing import Any

from modelsync.core.errors import UsageError
from modelsync.store.remotes.address import Address
from modelsync.store.remotes.base import Access
from modelsync.store.remotes.buckets import CLIENT, RETRY, Bucket

# Writing asks for a token even where nothing is signed; with this account none is asked for.
_NOBODY = {"disable_oauth": True, "client_email": "", "private_key": "", "private_key_id": ""}


def open_gcs(address: Address, access: Access) -> Bucket:
    """The bucket of an address. An `endpoint` is that of an emulator, which knows no accounts."""
    from obstore.exceptions import BaseError
    from obstore.store import GCSStore

    config: Any = dict(access.options)
    if access.endpoint:
        config["service_account_key"] = json.dumps({**_NOBODY, "gcs_base_url": access.endpoint})
    options: Any = {**CLIENT, "allow_http": access.endpoint.startswith("http://")}
    retry: Any = RETRY
    try:
        store = GCSStore(address.where, config=config, client_options=options, retry_config=retry)
    except (BaseError, ValueError) as error:
        said = str(error).partition("\n")[0]
        raise UsageError(f"`{address.url}` can't be used: {said}", help="check the address and the options") from None
    return Bucket(address.url, store, address.prefix)
