"""What is pinned when a store is made: its format and the numbers that decide its cuts, in `config.json`."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from modelsync.core.errors import DamageError, UsageError
from modelsync.store.chunking import Chunker
from modelsync.store.durable import fresh_file, said
from modelsync.store.places import Places

FORMAT = 1


def read_settings(places: Places) -> Chunker:
    """How this store cuts; the usual way when it is new.

    UsageError when a newer version made it, DamageError when the file says nothing.
    """
    path = places.config
    with said("read", path):
        try:
            text = path.read_bytes()
        except FileNotFoundError:
            return Chunker()
    try:
        return _decode(path, json.loads(text))
    except (ValueError, TypeError, KeyError, RecursionError):
        raise DamageError(
            f"`{path}` is damaged", help="`modelsync fsck --repair` writes it anew; no stored bytes depend on it"
        ) from None


def refuse_newer(places: Places) -> None:
    """UsageError when a newer version made the store. What reads needs nothing else of the settings."""
    with suppress(DamageError):
        read_settings(places)


def write_settings(places: Places) -> None:
    """Pin the usual settings; whoever was first wins."""
    if not places.config.exists():
        with fresh_file(places.config, temp=places.temp) as handle:
            handle.write(_encode(Chunker()))


def _encode(chunker: Chunker) -> bytes:
    cuts = {
        "name": chunker.name,
        "min": chunker.minimum,
        "avg": chunker.average,
        "max": chunker.maximum,
        "seed": chunker.seed,
    }
    value = {"format": FORMAT, "chunker": cuts, "hash": "sha256", "codec": "zstd-1"}
    return (json.dumps(value, indent=2) + "\n").encode()


def _decode(path: Path, value: Any) -> Chunker:
    if type(value["format"]) is not int or value["format"] < 1:
        raise ValueError("no format")
    if value["format"] > FORMAT:
        raise UsageError(
            f"the store `{path.parent}` has format {value['format']}; this version knows formats up to {FORMAT}",
            help="update ModelSync; nothing in the store was touched",
        )
    cuts = value["chunker"]
    numbers = [cuts[key] for key in ("min", "avg", "max", "seed")]
    usual = Chunker()
    if cuts["name"] != usual.name or value["hash"] != "sha256" or any(type(number) is not int for number in numbers):
        raise ValueError("other algorithms")
    minimum, average, maximum, seed = numbers
    if not (64 <= minimum <= average <= maximum <= 16 << 20) or not 256 <= average <= 4 << 20 or seed < 0:
        raise ValueError("impossible numbers")
    return Chunker(cuts["name"], minimum, average, maximum, seed)
