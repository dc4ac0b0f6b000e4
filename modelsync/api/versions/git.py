"""What is asked of Git, when there is one: who commits, on which code, what it tracks, what its history pins."""

from __future__ import annotations

import getpass
import os
import socket
import subprocess
from collections.abc import Collection
from pathlib import Path

from modelsync.api.versions.ignoring import POINTER
from modelsync.core.errors import SurroundingsError
from modelsync.registry.commits import GitState

AUTHOR = "MODELSYNC_AUTHOR"
_PATIENCE = 30.0  # seconds


def author(root: Path) -> str:
    """Who commits, as `name <email>`: `MODELSYNC_AUTHOR`, what Git's variables or settings say, the system's user."""
    given = os.environ.get(AUTHOR, "").strip()
    if given:
        return _one_line(given)
    name = os.environ.get("GIT_AUTHOR_NAME") or ask(root, "config", "user.name") or user()
    email = os.environ.get("GIT_AUTHOR_EMAIL") or ask(root, "config", "user.email")
    return _one_line(f"{name} <{email or _mail()}>")


def is_guess(author: str) -> bool:
    """Whether nobody said who commits, so that the mail is made of the system's user and the machine's name."""
    return author.endswith(_one_line(f"<{_mail()}>"))


def state(root: Path, without: Collection[str] = ()) -> GitState | None:
    """The commit of the code, and whether files differ from it, the pointer and some paths aside; None without Git."""
    commit = ask(root, "rev-parse", "HEAD")
    if commit is None:
        return None
    aside = (f":(exclude,literal){path}" for path in (POINTER, ".gitignore", *without))
    changes = ask(root, "status", "--porcelain", "--", ".", *aside)
    return GitState(commit, dirty=changes != "")  # what can't be told is not called clean


def branch(root: Path) -> str | None:
    """The branch that Git is on; None without Git, or when its HEAD is detached."""
    return ask(root, "symbolic-ref", "--short", "-q", "HEAD")


def is_inside(root: Path) -> bool:
    """Whether a folder lies in a work tree of Git."""
    return ask(root, "rev-parse", "--is-inside-work-tree") == "true"


def tracks(root: Path, paths: Collection[str]) -> set[str] | None:
    """Which of these paths Git tracks itself, they or something below them; None outside of a work tree of Git."""
    said = _run(root, "ls-files", "-z", "--", *(f":(literal){path}" for path in paths)) if paths else None
    if said is None:
        return set() if is_inside(root) else None
    names = [os.fsdecode(name) for name in said.split(b"\0") if name]
    return {path for path in paths if any(name == path or name.startswith(f"{path}/") for name in names)}


def pointers(root: Path) -> list[str]:
    """The text of every pointer in Git's history, on all its references; what they name is never collected.

    SurroundingsError when there is a repository and Git can't say: then nobody knows what its commits pin.
    """
    if not any((folder / ".git").exists() for folder in (root.absolute(), *root.absolute().parents)):
        return []
    said = _run(root, "log", "--all", "--reflog", "--full-history", "--format=%H", "--", POINTER)
    if said is None:
        raise SurroundingsError(
            f"Git can't say which data the commits of `{root}` pin, so nothing may be collected",
            help="`git log` in that folder says why; mend that, and run it again",
        )
    commits = said.decode("ascii", "replace").split()
    prefix = ask(root, "rev-parse", "--show-prefix") or ""
    found = {ask(root, "rev-parse", "-q", "--verify", f"{commit}:{prefix}{POINTER}") for commit in commits}
    texts = [_run(root, "cat-file", "blob", blob) for blob in sorted(filter(None, found))]
    return [text.decode("utf-8", "replace") for text in texts if text is not None]


def sides(root: Path, path: str) -> list[str]:
    """The text of each side of a file that Git has not merged yet, ours first; none when there is nothing to merge."""
    said = _run(root, "ls-files", "-u", "-z", "--", f":(literal){path}")
    entries = [] if said is None else [entry.split(b"\t")[0].split() for entry in said.split(b"\0") if entry]
    blobs = [blob.decode("ascii") for _, blob, stage in entries if stage in {b"2", b"3"}]
    texts = [_run(root, "cat-file", "blob", blob) for blob in blobs]
    return [text.decode("utf-8", "replace") for text in texts if text is not None]


def ask(root: Path, *words: str) -> str | None:
    """What Git says, without the last end of line; None when there is no Git, or it refuses."""
    said = _run(root, *words)
    return None if said is None else said.decode("utf-8", "surrogateescape").strip()


def _run(root: Path, *words: str) -> bytes | None:
    try:
        said = subprocess.run(["git", *words], cwd=root, capture_output=True, check=False, timeout=_PATIENCE)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return said.stdout if said.returncode == 0 else None


def _mail() -> str:
    return f"{user()}@{socket.gethostname()}"


def user() -> str:
    """The name of the system's user."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def _one_line(text: str) -> str:
    return " ".join(text.encode("utf-8", "replace").decode().split())
