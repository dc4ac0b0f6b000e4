"""Image facts come from first bytes; a real encoder says whether they are right."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

from modelsync.core.errors import SurroundingsError
from modelsync.data import images
from modelsync.data.images import Header


@pytest.mark.parametrize(
    ("format_", "options"),
    [
        ("PNG", {}),
        ("JPEG", {}),
        ("JPEG", {"progressive": True, "comment": b"\xff\xc0 not a frame" * 40}),
        ("GIF", {}),
        ("BMP", {}),
        ("WEBP", {}),
        ("WEBP", {"lossless": True}),
        ("WEBP", {"exif": b"Exif\0\0x"}),
        ("TIFF", {}),
        ("TIFF", {"compression": "tiff_deflate"}),
    ],
)
@pytest.mark.parametrize("size", [(1, 1), (37, 300), (16383, 2)])
def test_headers(tmp_path: Path, format_: str, options: dict[str, object], size: tuple[int, int]) -> None:
    path = tmp_path / "x"
    Image.new("RGB", size, "red").save(path, format_, **options)
    assert images.header(path) == Header(format_.lower(), *size)


@pytest.mark.parametrize(
    ("content", "header"),
    [
        (b"\xff\xd8\xff\xc4\0\x09tables\0\xff\xff\xc0\0\x11\x08\0\x05\0\x04", Header("jpeg", 4, 5)),
        (
            b"MM\0*\0\0\0\x08\0\x02\x01\0\0\x03\0\0\0\x01\0\x04\0\0\x01\x01\0\x03\0\0\0\x01\0\x05\0\0",
            Header("tiff", 4, 5),
        ),
    ],
)
def test_forms_that_the_encoder_does_not_write(tmp_path: Path, content: bytes, header: Header) -> None:
    (tmp_path / "x").write_bytes(content)
    assert images.header(tmp_path / "x") == header


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"text",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff",
        b"\xff\xd8\xff\xe0\x00\x00",
        b"\xff\xd8\xff\xe0\x00\x01" * 20,
        b"\xff\xd8" + b"\xff" * 99,
        b"GIF89a",
        b"GIF89a" + b"\0" * 60,
        b"BM",
        b"RIFF\0\0\0\0WEBPVP8?" + b"\0" * 60,
        b"II*\0\xff\xff\xff\xff",
        b"MM\0*\0\0\0\x08\xff\xff" + b"\0" * 20,
    ],
)
def test_what_is_no_image(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.png").write_bytes(content)
    assert images.header(tmp_path / "x.png") is None


def test_a_folder_of_classes(tmp_path: Path) -> None:
    names = []
    for name, size in (("cat/1.png", (4, 5)), ("cat/2.jpg", (4, 5)), ("dog/1.png", (8, 2)), ("top.png", (4, 5))):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        Image.new("L", size).save(tmp_path / name)
        names.append(name)
    (tmp_path / "dog/broken.png").write_text("not yet here")
    facts = images.describe(tmp_path, [*names, "dog/broken.png", "dog/.DS_Store"])
    assert facts.classes == (("cat", 2), ("dog", 2), (".", 1))
    assert facts.formats == (("png", 3), ("jpeg", 1))
    assert facts.sizes == ((4, 5, 3), (8, 2, 1))
    assert (facts.width, facts.height) == ((4, 8), (2, 5))
    assert (facts.unreadable, facts.unreadable_count, facts.files) == (("dog/broken.png",), 1, 5)
    assert facts.size == sum((tmp_path / name).stat().st_size for name in [*names, "dog/broken.png"])
    assert images.ImageFacts.from_json(json.loads(json.dumps(facts.to_json()))) == facts
    none = images.describe(tmp_path, [])
    assert none.width is None
    assert images.ImageFacts.from_json(json.loads(json.dumps(none.to_json()))) == none


def test_a_file_that_can_not_be_read(tmp_path: Path) -> None:
    (tmp_path / "loop.png").symlink_to("loop.png")
    with pytest.raises(SurroundingsError, match="can't be read"):
        images.header(tmp_path / "loop.png")
    with pytest.raises(SurroundingsError, match="can't be read"):
        images.describe(tmp_path, ["loop.png"])
