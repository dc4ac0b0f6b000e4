"""Whether an address can be had, and who has it if not."""

from __future__ import annotations

import contextlib
import errno
import socket
from pathlib import Path

from modelsync.core.errors import SurroundingsError

_LISTEN = "0A"  # the state of a listening socket in /proc/net/tcp


def require_free(host: str, port: int) -> None:
    """Return when the address can be listened on; SurroundingsError naming port, holder and a way out otherwise."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with contextlib.closing(socket.socket(family, socket.SOCK_STREAM)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise _explained(host, port, error) from None


def holder(port: int) -> str:
    """The process that listens on a port, such as `nginx (pid 811)`; empty where the system does not say."""
    wanted = _listening(port)
    for link in Path("/proc").glob("[0-9]*/fd/*") if wanted else ():
        with contextlib.suppress(OSError):  # it ended meanwhile, or belongs to somebody else
            if str(link.readlink()) in wanted:
                process = link.parent.parent
                return f"{(process / 'comm').read_text().strip()} (pid {process.name})"
    return ""


def _explained(host: str, port: int, error: OSError) -> SurroundingsError:
    if error.errno == errno.EADDRINUSE:
        who = holder(port)
        held = f", held by {who}" if who else ""
        return SurroundingsError(
            f"port {port} on {host} is already in use{held}",
            help="stop that process, or write another `port` in the deploy's `target`",
        )
    if error.errno == errno.EACCES:
        return SurroundingsError(
            f"port {port} needs more rights than this user has", help="write a `port` of 1024 or above in the `target`"
        )
    return SurroundingsError(
        f"{host}:{port} can't be listened on: {error.strerror or error}",
        help="write a `host` that belongs to this machine, such as 127.0.0.1",
    )


def _listening(port: int) -> set[str]:
    found = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with contextlib.suppress(OSError):
            for line in Path(table).read_text().splitlines()[1:]:
                fields = line.split()
                if fields[3] == _LISTEN and int(fields[1].rpartition(":")[2], 16) == port:
                    found.add(f"socket:[{fields[9]}]")
    return found
