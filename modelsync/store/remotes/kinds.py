"""The table of places that can hold a remote."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from modelsync.store.remotes.address import Address
from modelsync.store.remotes.base import Access, Place
from modelsync.store.remotes.folder import open_folder
from modelsync.store.remotes.gcs import open_gcs
from modelsync.store.remotes.http import open_http
from modelsync.store.remotes.s3 import open_s3

KINDS: Mapping[str, Callable[[Address, Access], Place]] = {
    "s3": open_s3,
    "gs": open_gcs,
    "http": open_http,
    "folder": open_folder,
}


def open_place(address: Address, access: Access) -> Place:
    """The place of an address; nobody is asked yet."""
    return KINDS[address.kind](address, access)
