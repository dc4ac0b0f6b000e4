"""Compression of records: zstd level 1 where it gains, the raw bytes where it does not."""

from __future__ import annotations

import importlib
import sys
import threading
from functools import cache
from typing import Any

RAW, ZSTD = 0, 1

_LEVEL = 1  # level 3 was slower and no smaller on tables
_WORTH = 0.95  # less than 5 % gained is not worth the time of every later read
_PROBE = 1 << 20  # the first MiB tells what the rest of a file is like
_BEGINNING = 1 << 10
_SHORT = 64  # a frame's own bytes eat what could be gained

_threads = threading.local()


def shrink(data: bytes | memoryview) -> tuple[int, bytes | memoryview]:
    """How to keep these bytes: `ZSTD` and the compressed ones, or `RAW` and the same ones."""
    if len(data) < _SHORT:
        return RAW, data
    packed = _compressor().compress(data, _zstd().ZstdCompressor.FLUSH_FRAME)
    return (ZSTD, packed) if len(packed) < _WORTH * len(data) else (RAW, data)


def gains(data: bytes | memoryview) -> bool:
    """Whether compression is worth trying on a file that begins like this."""
    return shrink(data[:_PROBE])[0] == ZSTD


def shrink_if_begun(data: bytes | memoryview) -> tuple[int, bytes | memoryview]:
    """As `shrink`, but bytes whose beginning gains nothing are kept as they are, which takes half the time."""
    if len(data) > _BEGINNING and shrink(data[:_BEGINNING])[0] == RAW:
        return RAW, data
    return shrink(data)


def expand(codec: int, stored: bytes, length: int) -> bytes:
    """The bytes that were kept; ValueError when they are not `length` long or cannot be had."""
    if codec == RAW:
        raw = stored
    elif codec == ZSTD:
        zstd = _zstd()
        try:  # one more than asked for, so that a bomb is noticed and never unpacked
            raw = zstd.ZstdDecompressor().decompress(stored, max_length=length + 1)
        except (zstd.ZstdError, EOFError) as error:
            raise ValueError(f"they cannot be decompressed ({error})") from None
    else:
        raise ValueError(f"compression {codec} is not known")
    if len(raw) != length:
        raise ValueError(f"they are {len(raw)} bytes long, expected {length}")
    return raw


def _compressor() -> Any:
    """One for each thread: making it costs more than a small record."""
    if not hasattr(_threads, "compressor"):
        _threads.compressor = _zstd().ZstdCompressor(level=_LEVEL)
    return _threads.compressor


@cache
def _zstd() -> Any:
    """Late, because commands that only look never compress."""
    return importlib.import_module("compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd")
