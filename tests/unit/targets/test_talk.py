from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from modelsync.core.errors import SurroundingsError
from modelsync.targets import talk


@contextmanager
def saying(folder: Path, words: bytes) -> Iterator[str]:
    """A unix socket that answers its first caller with these words, whatever is asked."""
    path = str(folder / "s")
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)) as listener:
        listener.bind(path)
        listener.listen()

        def answer() -> None:
            caller, _ = listener.accept()
            with closing(caller):
                caller.settimeout(0.2)
                with suppress(TimeoutError):  # head and body come in pieces; to close before all came breaks the pipe
                    while caller.recv(65536):
                        pass
                caller.sendall(words)

        thread = threading.Thread(target=answer)
        thread.start()
        yield path
        thread.join(10)


def test_an_answer_is_read(tmp_path: Path) -> None:
    with saying(tmp_path, b'HTTP/1.1 422 No\r\ncontent-length: 8\r\n\r\n{"a": 1}') as path:
        assert talk.ask(path, "POST", "/predict", {"x": 1}, timeout=5) == talk.Answer(422, {"a": 1})


@pytest.mark.parametrize("words", [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\n{{{"])
def test_nonsense_is_no_answer(tmp_path: Path, words: bytes) -> None:
    with saying(tmp_path, words) as path, pytest.raises(OSError):  # noqa: PT011 - any kind of it
        talk.ask(path, "GET", "/", timeout=5)


def test_nobody_there(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        talk.ask(str(tmp_path / "none"), "GET", "/", timeout=5)
    with pytest.raises(SurroundingsError, match="does not answer"):
        talk.command(str(tmp_path / "none"), "status", timeout=5)


def test_the_router_answers_in_one_line(tmp_path: Path) -> None:
    with saying(tmp_path, b'{"generation": 3}\n') as path:
        assert talk.command(path, "status", timeout=5) == {"generation": 3}


@pytest.mark.parametrize("words", [b"", b"[]\n", b"{\n"])
def test_a_router_that_talks_nonsense(tmp_path: Path, words: bytes) -> None:
    with saying(tmp_path, words) as path, pytest.raises(SurroundingsError, match="router"):
        talk.command(path, "status", timeout=5)
