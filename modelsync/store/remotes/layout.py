"""What lies where on a remote: its format, packs, their tables, references, and packs that are about to go."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from modelsync.core.digest import Digest, canonical
from modelsync.core.errors import DamageError, UsageError
from modelsync.core.printable import printable
from modelsync.store.folders import is_digest
from modelsync.store.remotes.base import Mark, Place

FORMAT = 1
CONFIG = "config.json"
PACKS, TABLES, REFS, CONDEMNED, PROBES = "packs/", "idx/", "refs/", "condemned/", "probe/"

_KIND = "modelsync remote"
_PACK_ENDING, _TABLE_ENDING = ".pack", ".idx"
_SLASH = "~"  # no name of a branch holds it, and so no branch is a folder of another one


def pack_key(name: str) -> str:
    """Where the pack of that name (its SHA-256) lies."""
    return f"{PACKS}{name[:2]}/{name}{_PACK_ENDING}"


def table_key(name: str) -> str:
    """Where the table of that pack lies."""
    return f"{TABLES}{name}{_TABLE_ENDING}"


def condemned_key(name: str) -> str:
    """Where it stands that nobody needs that pack."""
    return f"{CONDEMNED}{name}"


def pack_name(key: str) -> str | None:
    """The pack that a key of a pack, of a table or of a note about it stands for; None when it is none of them."""
    name = key.rpartition("/")[2].removesuffix(_PACK_ENDING).removesuffix(_TABLE_ENDING)
    return name if is_digest(name) and key in (pack_key(name), table_key(name), condemned_key(name)) else None


@dataclass(frozen=True, slots=True)
class RemoteRef:
    """A branch or a tag there: its full name, the commit, who moved it and when. `nonce` tells one move from another
    that says the same.
    """

    name: str
    commit: Digest
    by: str
    at: str
    nonce: str = ""

    def encode(self) -> bytes:
        """The bytes of the object."""
        value = {"format": FORMAT, "commit": self.commit, "by": self.by, "at": self.at, "nonce": self.nonce}
        return (canonical(value) + "\n").encode()


@dataclass(frozen=True, slots=True)
class SeenRef:
    """A reference as it was read, with the mark it had."""

    ref: RemoteRef
    mark: Mark


def ref_key(name: str) -> str:
    """Where a reference lies, by its full name such as `branches/tune/rate`."""
    kind, _, rest = name.partition("/")
    return f"{REFS}{kind}/{rest.replace('/', _SLASH)}"


def read_ref(place: Place, name: str) -> SeenRef | None:
    """A reference; None when it is not there or was removed, DamageError when it can't be read."""
    key = ref_key(name)
    got = place.read(key)
    if got is None:
        return None
    try:
        value: Any = json.loads(got.data)
        if value["format"] > FORMAT:
            raise _newer(place, value["format"])
        if _is_removed(value):
            return None
        if not is_digest(value["commit"]):
            raise ValueError("no commit")
        texts = [printable(str(value[field])) for field in ("by", "at", "nonce")]
        return SeenRef(RemoteRef(name, Digest(value["commit"]), *texts), got.mark)
    except (ValueError, TypeError, KeyError, RecursionError):
        raise DamageError(
            f"`{key}` on `{place.label}` is damaged: it names no commit",
            help="remove that object, then push the branch or tag again from where it is right",
        ) from None


def read_refs(place: Place) -> Iterator[SeenRef]:
    """Every reference."""
    for listed in place.list(REFS):
        kind, _, rest = listed.key.removeprefix(REFS).partition("/")
        if rest and "/" not in rest:
            seen = read_ref(place, f"{kind}/{rest.replace(_SLASH, '/')}")
            if seen is not None:
                yield seen


def move_ref(place: Place, old: SeenRef | None, new: RemoteRef) -> bool:
    """Move a reference that is as it was seen (None: was not there); False when somebody else was faster."""
    wanted = RemoteRef(new.name, new.commit, new.by, new.at, secrets.token_hex(8))
    key, data = ref_key(new.name), wanted.encode()
    if old is not None:
        return _replace(place, key, data, old.mark)
    if place.create(key, data):
        return True
    now = place.read(key)
    if now is None or now.data == data:  # the answer to the first try got lost on the way
        return now is not None
    return _says_removed(now.data) and _replace(place, key, data, now.mark)


def remove_ref(place: Place, old: SeenRef, by: str, at: str) -> bool:
    """Remove a reference that is as it was seen; False when somebody else was faster.

    What stays is an object that says so: a server compares before it writes an object, and not before it removes one.
    """
    value = {"format": FORMAT, "commit": None, "by": by, "at": at, "nonce": secrets.token_hex(8)}
    return _replace(place, ref_key(old.ref.name), (canonical(value) + "\n").encode(), old.mark)


def _replace(place: Place, key: str, data: bytes, mark: Mark) -> bool:
    if place.replace(key, data, mark):
        return True
    now = place.read(key)  # an answer that got lost on the way looks like a refusal of the second try
    return now is not None and now.data == data


def _is_removed(value: Any) -> bool:
    return isinstance(value, dict) and "commit" in value and value["commit"] is None


def _says_removed(data: bytes) -> bool:
    try:
        return _is_removed(json.loads(data))
    except (ValueError, RecursionError):
        return False


def has_begun(place: Place) -> bool:
    """Whether there is a remote; UsageError when a newer version made it, DamageError when nobody can tell."""
    got = place.read(CONFIG)
    if got is None:
        return False
    try:
        value: Any = json.loads(got.data)
        if value["kind"] != _KIND or type(value["format"]) is not int:
            raise ValueError("another program's")
    except (ValueError, TypeError, KeyError, RecursionError):
        raise DamageError(
            f"`{CONFIG}` on `{place.label}` is not that of a remote",
            help="choose another folder for the remote; if it is one, remove that object and push again",
        ) from None
    if value["format"] > FORMAT:
        raise _newer(place, value["format"])
    return True


def begin(place: Place) -> None:
    """Make a remote where there is none yet; UsageError when something else lies there."""
    if has_begun(place):
        return
    own = (PACKS, TABLES, REFS, CONDEMNED, PROBES, "lock", CONFIG)
    for listed in place.list(""):
        if not listed.key.startswith(own):
            raise UsageError(
                f"`{place.label}` holds other things, such as `{listed.key}`",
                help="name an empty folder of it, such as one that ends in `/modelsync`",
            )
        break
    place.create(CONFIG, (json.dumps({"kind": _KIND, "format": FORMAT}, indent=2) + "\n").encode())


def _newer(place: Place, format: Any) -> UsageError:
    return UsageError(
        f"the remote `{place.label}` has format {format}; this ModelSync knows formats up to {FORMAT}",
        help="use a newer ModelSync; nothing there was touched",
    )
