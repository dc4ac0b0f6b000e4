"""A folder remote that Python's own web server shows, which knows no ranges, and one that does."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

import pytest

from modelsync.core.errors import DamageError, UsageError
from modelsync.store.remotes.address import parse
from modelsync.store.remotes.base import Access, Mark
from modelsync.store.remotes.folder import CATALOGUE, Folder
from modelsync.store.remotes.http import Http, open_http


class _Plain(http.server.SimpleHTTPRequestHandler):
    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        super().do_GET()

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def _shown(folder: Path) -> Iterator[Http]:
    handler = functools.partial(_Plain, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield open_http(parse(f"http://127.0.0.1:{server.server_address[1]}/", Path()), Access())
        finally:
            server.shutdown()
            thread.join()


def test_what_a_folder_has_is_read(tmp_path: Path) -> None:
    folder = Folder("there", tmp_path)
    folder.create("packs/ab/x", b"0123456789")
    folder.create("refs/tags/a~b", b"{}")
    folder.settle()
    with _shown(tmp_path) as place:
        assert {each.key: each.size for each in place.list("")} == {"packs/ab/x": 10, "refs/tags/a~b": 2}
        assert [each.key for each in place.list("refs/")] == ["refs/tags/a~b"]
        got = place.read("refs/tags/a~b")
        assert got is not None and got.data == b"{}"
        assert place.size("packs/ab/x") == 10
        assert place.read("nothing") is None and place.size("nothing") is None


def test_a_server_without_ranges_is_asked_for_the_whole_once(tmp_path: Path) -> None:
    Folder("there", tmp_path).create("packs/ab/x", b"0123456789")
    with _shown(tmp_path) as place:
        _Plain.asked.clear()
        assert place.ranges("packs/ab/x", [(1, 3), (8, 10)]) == [b"12", b"89"]
        assert place.ranges("packs/ab/x", [(0, 1)]) == [b"0"]
        assert len(_Plain.asked) == 2
        with pytest.raises(FileNotFoundError):
            place.ranges("packs/ab/y", [(0, 1)])


def test_nothing_can_be_written(tmp_path: Path) -> None:
    place = open_http(parse("http://127.0.0.1:1/x", tmp_path), Access())
    for write in (
        lambda: place.create("x", b""),
        lambda: place.replace("x", b"", Mark(None)),
        lambda: place.overwrite("x", b""),
        lambda: place.remove("x"),
    ):
        with pytest.raises(UsageError, match="only be read"):
            write()
    place.settle()


@pytest.mark.parametrize("text", ["", "[]", '{"format": 1}', '{"format": 1, "objects": {"x": "y"}}'])
def test_a_damaged_catalogue(tmp_path: Path, text: str) -> None:
    (tmp_path / CATALOGUE).write_text(text)
    with _shown(tmp_path) as place, pytest.raises(DamageError, match=CATALOGUE):
        list(place.list(""))


def test_a_newer_catalogue_and_none(tmp_path: Path) -> None:
    with _shown(tmp_path) as place:
        assert list(place.list("")) == []
        (tmp_path / CATALOGUE).write_text('{"format": 2}')
        with pytest.raises(UsageError, match="newer"):
            list(place.list(""))
