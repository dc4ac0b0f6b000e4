"""Giving space back on a remote, in two steps that lie two weeks apart: a slow push is never overtaken."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from modelsync.store.remotes.base import Place
from modelsync.store.remotes.cache import RemoteTables
from modelsync.store.remotes.condemning import condemn, remove, rescue
from modelsync.store.remotes.layout import PROBES
from modelsync.store.remotes.probing import clock

YOUNG = 24 * 3600.0  # seconds in which a pack is never condemned: the push that brought it may be under way
RESPITE = 14 * 24 * 3600.0  # seconds between condemning and removing; no push takes so long


@dataclass(frozen=True, slots=True)
class Judged:
    """Packs by what should become of them; `size` is the bytes of `remove`."""

    condemn: tuple[str, ...]
    remove: tuple[str, ...]
    rescue: tuple[str, ...]
    wait: tuple[str, ...]
    size: int


def judge(place: Place, tables: RemoteTables, needed: Collection[bytes]) -> Judged:
    """What to do with every pack there; `needed` are the records that any reference needs. Nothing is changed."""
    now = clock(place)
    live = {there.pack for there in tables.find(needed).values()}
    names = sorted(tables.packs.keys() | tables.condemned.keys())
    dead = [name for name in names if name not in live]
    old = [name for name in dead if now - tables.written.get(name, 0.0) > YOUNG]
    over = tuple(name for name in old if now - tables.condemned.get(name, now) > RESPITE)
    return Judged(
        condemn=tuple(name for name in old if name not in tables.condemned),
        remove=over,
        rescue=tuple(name for name in names if name in live and name in tables.condemned),
        wait=tuple(name for name in dead if name in tables.condemned and name not in over),
        size=sum(tables.packs.get(name, 0) for name in over),
    )


def carry_out(place: Place, judged: Judged) -> int:
    """Do what was judged; how many packs were removed."""
    for name in judged.rescue:
        rescue(place, name)
    for name in judged.condemn:
        condemn(place, name)
    removed = sum(remove(place, name) for name in judged.remove)
    for listed in list(place.list(PROBES)):  # left by probes that were killed
        place.remove(listed.key)
    place.settle()
    return removed
