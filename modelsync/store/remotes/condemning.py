"""Packs that nobody needs on a remote are condemned first and removed much later; who needs one again rescues it."""

from __future__ import annotations

import json
from enum import StrEnum

from modelsync.core.digest import canonical
from modelsync.core.errors import LockedError
from modelsync.store.remotes.base import Got, Place
from modelsync.store.remotes.layout import FORMAT, condemned_key, pack_key, table_key


class Fate(StrEnum):
    """What a note about a pack says."""

    CONDEMNED = "condemned"
    GOING = "going"  # somebody is removing it right now
    KEPT = "kept"  # somebody needs it again


def condemn(place: Place, name: str) -> None:
    """Note that nobody needs a pack; a note that is there stays as old as it is."""
    place.create(condemned_key(name), _encode(Fate.CONDEMNED))


def rescue(place: Place, name: str) -> None:
    """Take the note about a pack back. Afterwards the pack is there or not, and nobody is about to remove it.

    LockedError while somebody removes it.
    """
    key = condemned_key(name)
    got = place.read(key)
    if got is None:
        return
    fate = _fate(got)
    if fate is Fate.GOING or (fate is Fate.CONDEMNED and not place.replace(key, _encode(Fate.KEPT), got.mark)):
        raise LockedError(
            f"a collection is removing the pack {name} from `{place.label}`, which is wanted again",
            help="push again in a minute; if it died, `modelsync remote gc --delete` ends it",
        )
    place.remove(key)


def remove(place: Place, name: str) -> bool:
    """Remove a condemned pack, its table first; False when somebody rescued it meanwhile."""
    key = condemned_key(name)
    got = place.read(key)
    if got is None:
        return False
    fate = _fate(got)
    if fate is Fate.KEPT:  # whoever rescued it died a moment later; it is condemned anew when that is right
        place.remove(key)
        return False
    if fate is Fate.CONDEMNED and not place.replace(key, _encode(Fate.GOING), got.mark):
        return False
    place.remove(table_key(name))
    place.remove(pack_key(name))
    place.remove(key)
    return True


def _encode(fate: Fate) -> bytes:
    return (canonical({"format": FORMAT, "state": fate.value}) + "\n").encode()


def _fate(got: Got) -> Fate:
    try:
        return Fate(json.loads(got.data)["state"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return Fate.CONDEMNED
