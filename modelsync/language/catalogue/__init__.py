"""Every code with what there is to say about it, in one table; imported only when somebody asks."""

from __future__ import annotations

from collections.abc import Mapping

from modelsync.language.catalogue import code, gates, reading, references, release, safety, shape
from modelsync.language.catalogue.entry import Entry

FAMILIES: Mapping[str, tuple[Entry, ...]] = {
    "Reading": reading.ENTRIES,
    "Shape": shape.ENTRIES,
    "References": references.ENTRIES,
    "Conditions and code": code.ENTRIES,
    "Gates": gates.ENTRIES,
    "Versions, stages, rollouts, schedules": release.ENTRIES,
    "Safety": safety.ENTRIES,
}
"""The entries by what they are about, in the order of their codes."""

CATALOGUE: Mapping[str, Entry] = {entry.code: entry for entries in FAMILIES.values() for entry in entries}
"""The same by code."""
