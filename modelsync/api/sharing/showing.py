"""`remote show`: what lies on a remote."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from modelsync.api.sharing.opening import Standing, open_begun, standing
from modelsync.api.sharing.remotes import Remote
from modelsync.api.versions.repository import Repository
from modelsync.registry.references import brief
from modelsync.store.remotes.layout import RemoteRef, read_refs


@dataclass(frozen=True, slots=True)
class Shown:
    """A remote: what may be done there, branches and tags by name, packs with their bytes, damaged objects."""

    remote: Remote
    standing: Standing
    references: Mapping[str, RemoteRef]
    packs: int
    size: int
    condemned: int
    damaged: Mapping[str, str]


def show(repository: Repository, remote: Remote) -> Shown:
    """Look at a remote; UsageError when nothing was ever pushed there."""
    opened = open_begun(repository, remote)
    tables = opened.tables
    tables.refresh()
    references = {brief(seen.ref.name): seen.ref for seen in read_refs(opened.place)}
    size = sum(tables.packs.values())
    return Shown(remote, standing(opened), references, len(tables.packs), size, len(tables.condemned), tables.damaged)
