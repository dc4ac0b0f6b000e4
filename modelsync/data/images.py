"""Images in folders: how many of which class, format and size, read from their first bytes alone."""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from modelsync.core.errors import SurroundingsError
from modelsync.data import formats

_HEAD = 64  # bytes that tell the format, and the size of most
_SHOWN = 20  # files that are no images, told by name
_SIZES = 10  # the most frequent sizes that are kept
_SEGMENTS = 1000  # of a JPEG that are looked through for its size; pictures have a few dozen at most


@dataclass(frozen=True, slots=True)
class Header:
    """What the first bytes of an image say: format (`png`, `jpeg` ...), width and height in pixels."""

    format: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """The images of one version: `classes` by the folder each lies in (`.` for the top), most frequent first.

    `sizes` are (width, height, count), most frequent first; widths and heights are in pixels, `size` in bytes.
    `unreadable` names the first files that are no images by their first bytes, `unreadable_count` counts all.
    """

    files: int
    size: int
    classes: tuple[tuple[str, int], ...]
    formats: tuple[tuple[str, int], ...]
    sizes: tuple[tuple[int, int, int], ...]
    width: tuple[int, int] | None
    height: tuple[int, int] | None
    unreadable: tuple[str, ...] = ()
    unreadable_count: int = 0

    def to_json(self) -> dict[str, Any]:
        """Plain values for the journal."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> ImageFacts:
        """The facts that `to_json` described."""
        lists = {name: tuple(map(tuple, value[name])) for name in ("classes", "formats", "sizes")}
        ends = {name: None if value[name] is None else tuple(value[name]) for name in ("width", "height")}
        return cls(**{**value, **lists, **ends, "unreadable": tuple(value["unreadable"])})


def describe(root: Path, names: Iterable[str]) -> ImageFacts:
    """The facts of the images at these paths below `root`, hidden ones left out as `formats.visible` says.

    SurroundingsError when one can't be read.
    """
    classes, kinds, sizes = Counter[str](), Counter[str](), Counter[tuple[int, int]]()
    unreadable: list[str] = []
    files = size = 0
    for name in formats.visible(names):
        path = root / name
        files += 1
        size += _size(path)
        classes[str(PurePosixPath(name).parent)] += 1
        found = header(path)
        if found is None:
            unreadable.append(name)
            continue
        kinds[found.format] += 1
        sizes[found.width, found.height] += 1
    widths, heights = [pair[0] for pair in sizes], [pair[1] for pair in sizes]
    return ImageFacts(
        files,
        size,
        _ranked(classes),
        _ranked(kinds),
        tuple((*pair, count) for pair, count in _ranked(sizes)[:_SIZES]),
        (min(widths), max(widths)) if widths else None,
        (min(heights), max(heights)) if heights else None,
        tuple(unreadable[:_SHOWN]),
        len(unreadable),
    )


def header(path: Path) -> Header | None:
    """The format and size of one image; None when its first bytes are those of no format known here."""
    try:
        with path.open("rb") as handle:
            head = handle.read(_HEAD)
            for signs, format_, size_of in _FORMATS:
                if all(head[at : at + len(sign)] == sign for at, sign in signs):
                    width, height = size_of(head, handle)
                    return Header(format_, width, height) if width > 0 and height > 0 else None
    except (struct.error, ValueError):  # it ends too early
        return None
    except OSError as error:
        raise SurroundingsError(f"`{path}` can't be read: {error.strerror or error}") from error
    return None


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError as error:
        raise SurroundingsError(f"`{path}` can't be read: {error.strerror or error}") from error


def _ranked(counts: Counter[Any]) -> tuple[tuple[Any, int], ...]:
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def _png(head: bytes, handle: BinaryIO) -> tuple[int, int]:
    width, height = struct.unpack_from(">II", head, 16)
    return width, height


def _gif(head: bytes, handle: BinaryIO) -> tuple[int, int]:
    width, height = struct.unpack_from("<HH", head, 6)
    return width, height


def _bmp(head: bytes, handle: BinaryIO) -> tuple[int, int]:
    (length,) = struct.unpack_from("<I", head, 14)
    width, height = struct.unpack_from("<HH" if length == 12 else "<ii", head, 18)
    return width, abs(height)  # a negative height says that the top row comes first


def _webp(head: bytes, handle: BinaryIO) -> tuple[int, int]:
    kind = head[12:16]
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", head, 26)
        return width & 0x3FFF, height & 0x3FFF
    if kind == b"VP8L":
        (bits,) = struct.unpack_from("<I", head, 21)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8X" and len(head) >= 30:
        return int.from_bytes(head[24:27], "little") + 1, int.from_bytes(head[27:30], "little") + 1
    raise ValueError("no known kind of WebP")


def _jpeg(head: bytes, handle: BinaryIO) -> tuple[int, int]:
    """Segment by segment to the start of a frame, which holds the size."""
    handle.seek(2)
    for _ in range(_SEGMENTS):
        sign = handle.read(1)
        while sign and sign != b"\xff":
            sign = handle.read(1)
        while sign == b"\xff":  # a marker may have several before it
            sign = handle.read(1)
        marker = sign[0] if sign else 0
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", handle.read(7)[3:])
            return width, height
        if marker in (0, 0xD9, 0xDA):  # the end, or the picture itself
            break
        if not 0xD0 <= marker <= 0xD8 and marker != 0x01:  # those stand alone
            handle.seek(struct.unpack(">H", handle.read(2))[0] - 2, 1)
    raise ValueError("no frame")


def _tiff(head: bytes, handle: BinaryIO) -> tuple[int, int]:
    """The two tags of the first directory."""
    order = "<" if head[:2] == b"II" else ">"
    (start,) = struct.unpack_from(order + "I", head, 4)
    handle.seek(start)
    (count,) = struct.unpack(order + "H", handle.read(2))
    found = {}
    for _ in range(count):
        entry = handle.read(12)
        tag, kind = struct.unpack_from(order + "HH", entry)
        if tag in (256, 257):
            (found[tag],) = struct.unpack_from(order + ("H" if kind == 3 else "I"), entry, 8)
    if len(found) < 2:
        raise ValueError("no size")
    return found[256], found[257]


_Signs = tuple[tuple[int, bytes], ...]  # places and the bytes that stand there
_FORMATS: tuple[tuple[_Signs, str, Callable[[bytes, BinaryIO], tuple[int, int]]], ...] = (
    (((0, b"\x89PNG\r\n\x1a\n"), (12, b"IHDR")), "png", _png),
    (((0, b"\xff\xd8\xff"),), "jpeg", _jpeg),
    (((0, b"GIF87a"),), "gif", _gif),
    (((0, b"GIF89a"),), "gif", _gif),
    (((0, b"RIFF"), (8, b"WEBP")), "webp", _webp),
    (((0, b"II*\0"),), "tiff", _tiff),
    (((0, b"MM\0*"),), "tiff", _tiff),
    (((0, b"BM"),), "bmp", _bmp),
)
