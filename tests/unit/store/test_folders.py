from __future__ import annotations

import os
from pathlib import Path

import pytest

from modelsync.core.digest import Digest, canonical, of_bytes
from modelsync.core.errors import SurroundingsError, UsageError
from modelsync.store import folders as module
from modelsync.store.folders import HEADER, Entry, Manifest, describe, is_digest
from modelsync.store.steady import hashed

A = of_bytes(b"a")


def _line(path: str = "a", mode: str = "644", size: object = 1, digest: str = A) -> str:
    return (
        Entry(path, executable=False, size=1, digest=Digest(digest))
        .line()
        .replace('"644"', f'"{mode}"')
        .replace('"size":1', f'"size":{size}')
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "folder"
    (root / "sub" / "deep").mkdir(parents=True)
    (root / "sub.txt").write_text("s")
    (root / "sub" / "deep" / "run").write_text("#!")
    (root / "sub" / "deep" / "run").chmod(0o750)
    (root / "ä").write_text("")
    return root


def test_a_folder_is_its_files_by_sorted_path(folder: Path) -> None:
    manifest = describe(folder, hashed)
    assert [(entry.path, entry.executable, entry.size) for entry in manifest.entries] == [
        ("sub.txt", False, 1),
        ("sub/deep/run", True, 2),
        ("ä", False, 0),
    ]
    assert manifest.size == 3
    assert Manifest.decode(manifest.encode()) == manifest


def test_the_digest_knows_content_names_and_the_right_to_run_and_nothing_else(folder: Path) -> None:
    before = describe(folder, hashed).digest
    os.utime(folder / "sub.txt", (0, 0))
    (folder / "sub.txt").chmod(0o600)
    (folder / "empty").mkdir()
    assert describe(folder, hashed).digest == before
    (folder / "sub.txt").chmod(0o700)
    executable = describe(folder, hashed).digest
    (folder / "sub.txt").rename(folder / "sub.md")
    assert len({before, executable, describe(folder, hashed).digest}) == 3


def test_an_empty_folder_is_not_an_empty_file(tmp_path: Path) -> None:
    assert describe(tmp_path, hashed).digest != of_bytes(b"")
    assert Manifest.decode(HEADER.encode()).entries == ()


def test_links_special_files_and_strange_names_are_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "shortcut").symlink_to("/etc/passwd")
    with pytest.raises(UsageError, match=r"sub/shortcut.*is a link"):
        describe(tmp_path, hashed)
    (tmp_path / "sub" / "shortcut").unlink()
    os.mkfifo(tmp_path / "sub" / "pipe")
    with pytest.raises(UsageError, match=r"sub/pipe.*neither"):
        describe(tmp_path, hashed)
    (tmp_path / "sub" / "pipe").unlink()
    (tmp_path / os.fsdecode(b"caf\xe9")).write_text("")
    with pytest.raises(UsageError, match="not UTF-8") as caught:
        describe(tmp_path, hashed)
    caught.value.message.encode()


def test_a_link_to_a_folder_is_refused_too(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path)
    with pytest.raises(UsageError, match="`loop`"):
        describe(tmp_path, hashed)


@pytest.mark.parametrize("there", [True, False])
def test_what_is_no_folder_is_told(tmp_path: Path, there: bool) -> None:
    path = tmp_path / "a"
    if there:
        path.write_text("")
    with pytest.raises(UsageError, match="expected a folder"):
        describe(path, hashed)


@pytest.mark.parametrize("change", ["add", "remove", "write"])
def test_a_folder_that_changes_while_it_is_read_is_noticed(folder: Path, change: str) -> None:
    def take(path: Path) -> tuple[Digest, int]:
        result = hashed(path)
        if path.name == "ä":
            if change == "add":
                (folder / "new").write_text("")
            elif change == "remove":
                (folder / "sub.txt").unlink()
            else:
                (folder / "sub.txt").write_text("other")
        return result

    with pytest.raises(SurroundingsError, match="changed while it was read"):
        describe(folder, take)


def test_a_file_that_vanishes_while_the_folder_is_listed_is_noticed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = module._inside

    def vanishing(asked: str) -> list[os.DirEntry[str]]:
        items = inside(asked)
        (folder / "sub.txt").unlink(missing_ok=True)
        return items

    monkeypatch.setattr(module, "_inside", vanishing)
    with pytest.raises(SurroundingsError, match="changed while it was read"):
        describe(folder, hashed)


@pytest.mark.parametrize(
    "path", ["../x", "/etc/passwd", "a/../../x", "", ".", "a//b", "./a", "a/", "a/./b", "a\\u0000b", ".."]
)
def test_a_manifest_that_leaves_its_folder_is_refused(path: str) -> None:
    text = HEADER + _line("HERE").replace("HERE", path)
    with pytest.raises(ValueError, match=r"line 2 names .* not a path below"):
        Manifest.decode(text.encode())


@pytest.mark.parametrize(
    "body",
    [
        "x\n",
        "[]\n",
        "{}\n",
        "null\n",
        "[" * 100_000 + "\n",
        _line(mode="777"),
        _line(size=-1),
        _line(size="true"),
        _line(size='"1"'),
        _line(digest="AB" * 32),
        _line(digest="ab"),
        _line().replace('"path":"a"', '"path":1'),
        _line("b") + _line("a"),
        _line("a") + _line("a"),
        _line("a") + _line("a/b"),
        _line("a").rstrip("\n"),
        _line("a").replace(",", ", "),
    ],
)
def test_a_text_that_was_not_written_here_is_no_manifest(body: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Manifest.decode((HEADER + body).encode())


def test_any_other_file_is_no_manifest() -> None:
    with pytest.raises(ValueError, match="not the list"):
        Manifest.decode(b"a,b\n1,2\n")
    with pytest.raises(ValueError, match="codec"):
        Manifest.decode(HEADER.encode() + b"\xff")


def test_a_line_separator_in_a_name_does_not_end_a_line(tmp_path: Path) -> None:
    for name in ("a\nb", "c\u2028d", "e\x85f", "g\x0ch"):
        (tmp_path / name).write_text(name)
    manifest = describe(tmp_path, hashed)
    assert Manifest.decode(manifest.encode()) == manifest


@pytest.mark.parametrize("path", ["a b/c.txt", 'q"uote', "ä", "back\\slash", "a\tb", "-x_1.csv", "..a/b..", "..."])
def test_a_line_is_canonical_json_whatever_the_name(path: str) -> None:
    entry = Entry(path, executable=True, size=3, digest=A)
    assert entry.line() == canonical({"path": path, "mode": "755", "size": 3, "sha256": A}) + "\n"
    assert Manifest.decode((HEADER + entry.line()).encode()).entries == (entry,)


def test_a_digest_is_64_small_hex_digits() -> None:
    assert is_digest(A)
    assert not any(is_digest(text) for text in (A.upper(), A[1:], "g" * 64, 5, None))
