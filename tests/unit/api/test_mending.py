"""Mends: what goes in, and that nothing else is touched."""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import pytest

from modelsync.api.mending import mend, put_in
from modelsync.api.starting import init
from modelsync.core.diagnostics import Fix, Pos

FILE = Path("modelsync.yaml")


def fix(line: int, col: int, end_line: int, end_col: int, replacement: str) -> Fix:
    return Fix(Pos(FILE, line, col, end_line, end_col), replacement)


@pytest.mark.parametrize(
    ("text", "fixes", "mended", "count"),
    [
        ("ab: c\n", [fix(1, 1, 1, 3, "x")], "x: c\n", 1),
        ("ab: cd\n", [fix(1, 5, 1, 7, "y"), fix(1, 1, 1, 3, "x")], "x: y\n", 2),
        ("a: b", [fix(1, 4, 1, 5, "long")], "a: long", 1),  # no end of the last line
        ("a: b\n", [fix(1, 5, 1, 5, "\nc: d")], "a: b\nc: d\n", 1),  # only puts something in
        ("a: b\r\nc: d\r\n", [fix(1, 5, 1, 5, "\nx: y")], "a: b\r\nx: y\r\nc: d\r\n", 1),
        ("a:\r\n  b\r\nc", [fix(2, 3, 2, 4, "x")], "a:\r\n  x\r\nc", 1),
        ("\ufeffab: c\n", [fix(1, 1, 1, 3, "x")], "\ufeffx: c\n", 1),
        ("a\nb\nc\n", [fix(1, 1, 3, 2, "x")], "x\n", 1),  # over lines
        ("a\nb\n", [fix(1, 1, 2, 1, "")], "b\n", 1),  # a whole line
        ("a\nb\n", [fix(2, 1, 3, 1, "")], "a\n", 1),  # the last line
        ("a: 客b\n", [fix(1, 5, 1, 6, "x")], "a: 客x\n", 1),  # characters, not bytes
        ("a: 1\n", [fix(1, 4, 1, 5, "1")], "a: 1\n", 0),
        ("abcd", [fix(1, 1, 1, 4, "x"), fix(1, 3, 1, 5, "y")], "xd", 1),  # they overlap: the first
        ("abcd", [fix(1, 1, 1, 5, "x"), fix(1, 2, 1, 3, "y")], "x", 1),  # one inside the other
        ("abcd", [fix(1, 1, 1, 3, "x"), fix(1, 3, 1, 5, "y")], "xy", 2),  # side by side
        ("ab", [fix(1, 3, 1, 3, "x"), fix(1, 3, 1, 3, "y")], "abx", 1),  # both at one place
        ("ab", [fix(2, 1, 2, 2, "x"), fix(1, 4, 1, 5, "x"), fix(1, 2, 1, 9, "x"), fix(0, 1, 1, 1, "x")], "ab", 0),
        ("ab", [fix(1, 3, 1, 1, "x")], "ab", 0),
        ("", [fix(1, 1, 1, 1, "x")], "x", 1),
    ],
)
def test_mends_are_put_in_where_they_belong(text: str, fixes: list[Fix], mended: str, count: int) -> None:
    assert put_in(text, fixes) == (mended, count)


def broken(spec: Path) -> tuple[str, str]:
    """The good text and one with two slips on one line."""
    good = spec.read_text()
    assert "strategy: blue_green" in good
    return good, good.replace("strategy: blue_green", "stratgy: blue_gren")


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "marked"])
@pytest.mark.parametrize("ending", [b"\n", b"\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("last", [b"", b"x"], ids=["ended", "open"])
def test_slips_are_mended_and_every_other_byte_stays(tmp_path: Path, mark: bytes, ending: bytes, last: bytes) -> None:
    spec = init(tmp_path, "churn").spec
    good, bad = (
        mark + (text.rstrip("\n") + "\n" * (not last)).encode().replace(b"\n", ending) for text in broken(spec)
    )
    spec.write_bytes(bad)
    spec.chmod(0o640)
    report = mend([spec])
    assert report.errors == 0
    assert report.mended[spec] >= 2
    assert spec.read_bytes() == good
    assert stat.S_IMODE(spec.stat().st_mode) == 0o640
    assert list(spec.parent.glob(".*")) == []


def test_what_one_mend_brings_to_light_is_mended_too(tmp_path: Path) -> None:
    spec = init(tmp_path, "churn").spec
    good, bad = broken(spec)
    spec.write_text(bad.replace("project: churn", "project:churn"))  # no YAML: nothing behind it is looked at
    report = mend([spec])
    assert (report.errors, report.mended) == (0, {spec: 3})
    assert spec.read_text() == good


def test_what_is_mended_stays_as_it_is(tmp_path: Path) -> None:
    spec = init(tmp_path, "churn").spec
    spec.write_text(broken(spec)[1])
    mend([spec])
    before = spec.stat().st_mtime_ns, spec.stat().st_ino
    report = mend([spec])
    assert (report.errors, report.mended) == (0, {})
    assert (spec.stat().st_mtime_ns, spec.stat().st_ino) == before


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    spec = init(tmp_path, "churn").spec
    good, bad = broken(spec)
    real = spec.with_name("real.yaml")
    real.write_text(bad)
    spec.unlink()
    spec.symlink_to(real)
    mend([spec, real])
    assert spec.is_symlink()
    assert real.read_text() == good


def test_a_mend_in_an_included_file_goes_in_once(tmp_path: Path) -> None:
    one = init(tmp_path, "churn").spec
    good, bad = broken(one)
    start = bad.index("\ngates:")
    end = bad.index("\nmodels:")
    shared = one.with_name("shared.yaml")
    shared.write_text(bad[start:end].replace("target: datasets", "targt: datasets") + "\n")
    main = bad[:start].replace("project: churn", "project: churn\ninclude: [specs/churn/shared.yaml]", 1) + bad[end:]
    other = one.with_name("other.yaml")
    one.write_text(main)
    shared.with_name("link.yaml").symlink_to(shared)
    other.write_text(main.replace("churn/shared.yaml", "churn/link.yaml"))
    report = mend([one, other])
    assert report.errors == 0
    assert shared.read_text() == good[good.index("\ngates:") : good.index("\nmodels:")] + "\n"
    assert {file.name: count for file, count in report.mended.items()} == {
        "modelsync.yaml": 2,
        "other.yaml": 2,
        "shared.yaml": 1,
    }


def test_what_somebody_else_writes_during_the_check_is_not_overwritten(tmp_path: Path) -> None:
    spec = init(tmp_path, "churn").spec
    good, bad = broken(spec)
    spec.write_text(bad)
    code = tmp_path / "flows/churn.py"
    source = code.read_bytes()
    code.unlink()
    os.mkfifo(code)  # whoever reads the code waits for the person

    def person() -> None:
        with code.open("wb") as pipe:  # returns when the check, which has read the spec, asks for the code
            spec.write_text("# a line above\n" + bad)
            code.rename(tmp_path / "pipe")
            code.write_bytes(source)
            pipe.write(source)

    thread = threading.Thread(target=person)
    thread.start()
    report = mend([spec])
    thread.join()
    assert (report.errors, report.mended) == (0, {spec: 2})
    assert spec.read_text() == "# a line above\n" + good


def test_what_somebody_else_writes_into_an_included_file_is_not_overwritten(tmp_path: Path) -> None:
    spec = init(tmp_path, "churn").spec
    good, bad = broken(spec)
    start, end = bad.index("\ngates:"), bad.index("\nmodels:")
    shared = spec.with_name("shared.yaml")
    part = bad[start:end].replace("target: datasets", "targt: datasets") + "\n"
    shared.write_text(part)
    spec.write_text(
        good[: good.index("\ngates:")].replace(
            "project: churn", "project: churn\ninclude: [specs/churn/shared.yaml]", 1
        )
        + good[good.index("\nmodels:") :]
    )
    code = tmp_path / "flows/churn.py"
    source = code.read_bytes()
    code.unlink()
    os.mkfifo(code)

    def person() -> None:
        with code.open("wb") as pipe:
            shared.write_text("# a line above\n" + part)
            code.rename(tmp_path / "pipe")
            code.write_bytes(source)
            pipe.write(source)

    thread = threading.Thread(target=person)
    thread.start()
    report = mend([spec])
    thread.join()
    assert report.errors == 0
    assert shared.read_text() == "# a line above\n" + good[good.index("\ngates:") : good.index("\nmodels:")] + "\n"
