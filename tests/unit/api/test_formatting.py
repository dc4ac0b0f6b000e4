from __future__ import annotations

from pathlib import Path

import pytest

from modelsync.api.formatting import fmt, fmt_text, write
from modelsync.core.errors import SurroundingsError, UsageError

UGLY, NEAT = b"modelsync:   1\r\nproject: x", "modelsync: 1\nproject: x\n"


def put(file: Path, data: bytes) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
    return file


def test_files_as_named_and_the_specs_below_a_folder(tmp_path: Path) -> None:
    ugly = put(tmp_path / "specs/a/modelsync.yaml", UGLY)
    neat = put(tmp_path / "specs/b/modelsync.yaml", NEAT.encode())
    put(tmp_path / "specs/b/other.yaml", UGLY)
    put(tmp_path / "specs/.hidden/modelsync.yaml", UGLY)
    named = put(tmp_path / "named.yaml", UGLY)
    found = fmt([tmp_path / "specs", named, ugly])
    assert {(each.path, each.changed, each.text) for each in found} == {
        (ugly, True, NEAT),
        (neat, False, NEAT),
        (named, True, NEAT),
    }
    assert len(found) == 3
    assert ugly.read_bytes() == UGLY, "nothing is written yet"


def test_without_a_name_the_project_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path / "specs/a/modelsync.yaml", UGLY)
    monkeypatch.chdir(tmp_path)
    assert [each.path for each in fmt([])] == [Path("specs/a/modelsync.yaml")]


def test_only_what_changed_is_written(tmp_path: Path) -> None:
    ugly, neat = put(tmp_path / "a.yaml", UGLY), put(tmp_path / "b.yaml", NEAT.encode())
    wrong = put(tmp_path / "c.yaml", b"a: [1\n")
    stamps = {file: file.stat().st_mtime_ns for file in (ugly, neat, wrong)}
    write(fmt([ugly, neat, wrong]))
    assert ugly.read_text() == NEAT
    assert {file for file, stamp in stamps.items() if file.stat().st_mtime_ns != stamp} == {ugly}
    assert not any(each.changed for each in fmt([ugly, neat, wrong]))


def test_a_byte_order_mark_goes(tmp_path: Path) -> None:
    file = put(tmp_path / "a.yaml", b"\xef\xbb\xbf" + NEAT.encode())
    assert fmt([file])[0].changed
    write(fmt([file]))
    assert file.read_bytes() == NEAT.encode()


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"a: 1\na: 2\n", "MS006"), (b"a: [1\n", "MS001"), (b"\xff", "MS003"), (b"x" * (256 * 1024 + 1), "MS002")],
)
def test_what_can_not_be_read_keeps_its_diagnostics(data: bytes, code: str) -> None:
    found = fmt_text(Path("x.yaml"), data)
    assert not found.changed
    assert found.diagnostics[0].code == code


def test_faults_of_meaning_do_not_matter() -> None:
    found = fmt_text(Path("x.yaml"), b"gates:   {kind:  drfit}")
    assert found.diagnostics == ()
    assert found.text == "gates: {kind: drfit}\n"


def test_a_file_that_changed_in_between_is_left_alone(tmp_path: Path) -> None:
    file = put(tmp_path / "a.yaml", UGLY)
    found = fmt([file])
    file.write_bytes(b"a: 1\n")
    with pytest.raises(SurroundingsError, match="was changed while it was read"):
        write(found)
    assert file.read_bytes() == b"a: 1\n"


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no spec"):
        fmt([tmp_path / "a.yaml"])
    with pytest.raises(UsageError):
        fmt([tmp_path])
