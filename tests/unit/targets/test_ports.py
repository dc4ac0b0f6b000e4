from __future__ import annotations

import errno
import os
import socket
from collections.abc import Iterator
from contextlib import closing

import pytest

from modelsync.core.errors import SurroundingsError
from modelsync.targets import ports


@pytest.fixture
def taken() -> Iterator[int]:
    with closing(socket.socket()) as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        yield int(holder.getsockname()[1])


def test_a_free_port(taken: int) -> None:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        free = int(probe.getsockname()[1])
    ports.require_free("127.0.0.1", free)


def test_a_taken_port_names_its_holder(taken: int) -> None:
    with pytest.raises(SurroundingsError) as caught:
        ports.require_free("127.0.0.1", taken)
    assert f"port {taken} on 127.0.0.1 is already in use" in caught.value.message
    assert f"(pid {os.getpid()})" in caught.value.message
    assert "another `port`" in caught.value.help


def test_a_port_that_nobody_holds() -> None:
    with closing(socket.socket()) as bound:
        bound.bind(("127.0.0.1", 0))  # bound, but it does not listen
        assert ports.holder(bound.getsockname()[1]) == ""


def test_an_address_of_another_machine() -> None:
    with pytest.raises(SurroundingsError, match="can't be listened on") as caught:
        ports.require_free("192.0.2.1", 18080)
    assert "127.0.0.1" in caught.value.help


def test_a_port_for_the_system_only(monkeypatch: pytest.MonkeyPatch) -> None:
    class Refusing(socket.socket):
        def bind(self, address: object) -> None:
            raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(socket, "socket", Refusing)
    with pytest.raises(SurroundingsError, match="port 80 needs more rights"):
        ports.require_free("127.0.0.1", 80)
