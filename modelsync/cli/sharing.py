"""What came from a remote, in words."""

from __future__ import annotations

from modelsync.api.sharing.fetching import Fetch
from modelsync.core.digest import short
from modelsync.core.printable import printable
from modelsync.core.units import say_bytes, say_count
from modelsync.registry.references import brief


def fetched_lines(done: Fetch) -> list[str]:
    """References that moved, names that could not be taken, and how much came; none when nothing did."""
    lines = []
    for each in done.references:
        was = "new" if each.old is None else short(each.old)
        lines.append(f"{brief(each.name)}: {was} -> {short(each.new)}")
    lines += [f"{printable(name)} was not taken: {why}" for name, why in done.refused]
    if done.records:
        lines.append(f"fetched {say_count(done.records, 'record')}, {say_bytes(done.size)}")
    return lines
