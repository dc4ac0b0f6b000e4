"""Sources in `s3://` and `gs://` buckets: one object, or everything below a prefix."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from modelsync.core.errors import SurroundingsError, UsageError
from modelsync.data.sources import profiles
from modelsync.data.sources.base import (
    Fetched,
    Fingerprint,
    Progress,
    arriving,
    of_items,
    refuse_names,
    silent,
    unwritable,
)

if TYPE_CHECKING:
    from obstore.store import ObjectStore

_PIECE = 1 << 18  # small enough that an interrupt does not wait long for one over a slow line
_AT_ONCE = 8  # objects fetched at the same time: small ones wait for the network, not for the disk
_RETRIES: Any = {"max_retries": 3, "retry_timeout": timedelta(seconds=30)}


@dataclass(frozen=True, slots=True)
class BucketSource:
    """`s3://bucket/key` or `gs://bucket/key`; a key that ends in `/`, or that no object has, is a prefix.

    Credentials are those of the provider's own tools: its environment variables, its files, the machine's role.
    """

    url: str

    @property
    def label(self) -> str:
        """The address, which holds no secret."""
        return f"`{self.url}`"

    def fingerprint(self) -> Fingerprint:
        """From the ETag, or the version, and size of every object."""
        return _fingerprint(self._objects(self._store())[1])

    def fetch(self, into: Path, progress: Progress = silent) -> Fetched:
        """The objects as files, named by their keys below the prefix, each as it was when they were listed."""
        store = self._store()
        single, objects = self._objects(store)
        count = _Count(progress, sum(each.size for each in objects))
        with arriving(into) as folder:
            _fetch_all(self, store, objects, folder, count)
        names = tuple(each.name for each in objects)
        return Fetched(into, names, count.total, _fingerprint(objects), single)

    def _store(self) -> ObjectStore:
        parts = urlsplit(self.url)
        maker = _STORES.get(parts.scheme)
        if maker is None or not parts.netloc or parts.query or "@" in parts.netloc:
            raise UsageError(f"{self.label} is no bucket", help="write it as s3://bucket/key or gs://bucket/key")
        with _explained(self.label):
            return maker(parts.netloc)

    def _objects(self, store: ObjectStore) -> tuple[bool, list[_Object]]:
        """Whether it is one object, and the objects sorted by name; UsageError when there is none."""
        import obstore

        key = self.url.split("://", 1)[1].partition("/")[2]
        with _explained(self.label):
            if key and not key.endswith("/"):
                try:
                    return True, [_Object.of(obstore.head(store, key), key.rpartition("/")[2])]
                except FileNotFoundError:
                    key += "/"
            found = [each for batch in obstore.list(store, prefix=key or None) for each in batch]
        folders = {str(above) for each in found for above in PurePosixPath(each["path"]).parents}
        objects = [
            _Object.of(each, each["path"].removeprefix(key))
            for each in found
            # consoles make an empty object for a folder; its key ends in a slash that the list leaves out
            if each["path"].startswith(key) and not (each["path"] in folders and not each["size"])
        ]
        if not objects:
            raise UsageError(f"nothing lies at {self.label}", help="check the bucket and the key")
        refuse_names(self.label, [each.name for each in objects])
        return False, sorted(objects, key=lambda each: each.name)


@dataclass(frozen=True, slots=True)
class _Object:
    key: str
    name: str
    size: int
    mark: str | None
    modified: datetime

    @classmethod
    def of(cls, meta: Any, name: str) -> _Object:
        return cls(meta["path"], name, meta["size"], meta["e_tag"] or meta["version"], meta["last_modified"])


@dataclass(slots=True)
class _Count:
    """Bytes that came, counted by many threads; `stopped` asks them to end."""

    progress: Progress
    total: int
    done: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)
    stopped: threading.Event = field(default_factory=threading.Event)

    def add(self, count: int) -> None:
        with self.lock:
            self.done += count
            self.progress(self.done, self.total)


def _fetch_all(source: BucketSource, store: ObjectStore, objects: list[_Object], folder: Path, count: _Count) -> None:
    with ThreadPoolExecutor(min(_AT_ONCE, len(objects)), "fetch") as pool:
        tasks = [pool.submit(_fetch, source, store, each, folder / each.name, count) for each in objects]
        try:
            wait(tasks, return_when=FIRST_EXCEPTION)
        finally:
            count.stopped.set()  # an interrupted or failed fetch does not wait for the others
            pool.shutdown(cancel_futures=True)
    for task in tasks:
        if not task.cancelled():
            task.result()


def _fetch(source: BucketSource, store: ObjectStore, wanted: _Object, path: Path, count: _Count) -> None:
    import obstore

    came = 0
    with _explained(source.label):
        answer = obstore.get(store, wanted.key)
        if _Object.of(answer.meta, wanted.name).mark != wanted.mark:
            raise _changed(source, wanted)
        pieces = iter(answer.stream(min_chunk_size=_PIECE))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = path.open("xb")
    except OSError as error:
        raise unwritable(path, error) from error
    with handle:
        while not count.stopped.is_set():
            with _explained(source.label):
                piece = next(pieces, None)
            if piece is None:
                break
            handle.write(piece)
            came += len(piece)
            count.add(len(piece))
    if came != wanted.size and not count.stopped.is_set():  # a stopped fetch says its own reason
        raise _changed(source, wanted)


def _changed(source: BucketSource, wanted: _Object) -> SurroundingsError:
    return SurroundingsError(
        f"`{wanted.key}` of {source.label} changed while it was fetched",
        help="wait until nothing writes to it, then run it again",
    )


def _fingerprint(objects: list[_Object]) -> Fingerprint:
    newest = max(each.modified for each in objects)
    if any(each.mark is None for each in objects):
        return Fingerprint(None, "the bucket names no ETag, so only fetching can tell", newest)
    return Fingerprint(of_items([(each.name, each.size, each.mark) for each in objects]), modified=newest)


@contextmanager
def _explained(label: str) -> Iterator[None]:
    """What a bucket refuses, in one sentence without the request that was refused."""
    from obstore import exceptions

    try:
        yield
    except FileNotFoundError:
        raise UsageError(f"{label} does not exist", help="check the bucket and the key") from None
    except (exceptions.PermissionDeniedError, exceptions.UnauthenticatedError):
        raise SurroundingsError(f"{label} is not open to these credentials", help=_CREDENTIALS) from None
    except exceptions.BaseError as error:
        said = str(error).splitlines()[0].partition(" - ")[2].partition(": <")[0] or "no answer"
        if "404 Not Found" in said:  # of the bucket itself, when its objects are listed
            raise UsageError(f"{label} does not exist", help="check the bucket and the key") from None
        help_ = f"check the address and the network; {_CREDENTIALS}"
        raise SurroundingsError(f"{label} can't be fetched: {said.rstrip(': ')}", help=help_) from None
    except ValueError as error:
        raise UsageError(f"{label} can't be used: {str(error).splitlines()[0]}", help="check the address") from None


_CREDENTIALS = "set the provider's own variables or profile, as its command line tool reads them"


def _s3(bucket: str) -> ObjectStore:
    from obstore.store import S3Store

    config: Any = profiles.settings(os.environ)
    plain = str(config.get("endpoint", "")).startswith("http://")
    return S3Store(bucket, config=config, client_options={"allow_http": plain}, retry_config=_RETRIES)


def _gcs(bucket: str) -> ObjectStore:
    from obstore.store import GCSStore

    # The variable by which Google's own tools are led to an emulator, which knows no accounts.
    emulator = os.environ.get("STORAGE_EMULATOR_HOST", "")
    if not emulator:
        return GCSStore(bucket, retry_config=_RETRIES)
    base = emulator if "://" in emulator else f"http://{emulator}"
    config: Any = {"base_url": base, "skip_signature": True}
    return GCSStore(bucket, config=config, client_options={"allow_http": True}, retry_config=_RETRIES)


_STORES = {"s3": _s3, "gs": _gcs}
