"""The lines that ModelSync keeps in Git's own files: what Git must not track, and who merges the pointer."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Collection
from pathlib import Path

from modelsync.api.versions import git
from modelsync.api.versions.ignoring import POINTER
from modelsync.core.errors import UsageError
from modelsync.engine.workspace import FOLDER
from modelsync.store.durable import fresh_file

BEGIN, END = "# modelsync: this data is pinned by modelsync.data", "# modelsync: end"
DRIVER = "modelsync"
_ATTRIBUTE = f"{POINTER} merge={DRIVER}"
_SPECIAL = "\\*?[]!# "


def ignore(root: Path, paths: tuple[str, ...], also: Collection[str] = ()) -> set[str]:
    """Bring the marked block in `.gitignore` up to date; nothing is done outside of Git.

    A path that Git tracks itself is left to Git. The answer is which of these paths, and of `also`, it tracks.
    """
    left = git.tracks(root, {*paths, *also})
    if left is None:
        return set()
    file = (root / ".gitignore").resolve()
    before = file.read_text(encoding="utf-8", errors="surrogateescape") if file.is_file() else ""
    lines = [_pattern(root, path) for path in paths if path not in left]
    after = with_block(before, lines)
    if after != before:
        write(file, after, root)
    return left


def ignore_own(root: Path) -> None:
    """Let Git ignore the project's own folder, unless a rule of Git's covers it; nothing is done outside of Git."""
    if not git.is_inside(root) or git.ask(root, "check-ignore", "-q", "--no-index", f"{FOLDER}/store") is not None:
        return
    file, own = (root / ".gitignore").resolve(), f"/{FOLDER}/"
    text = file.read_text(encoding="utf-8", errors="surrogateescape") if file.is_file() else ""
    if own not in text.splitlines():
        write(file, f"{text}{'' if text.endswith(chr(10)) or not text else chr(10)}{own}\n", root)


def with_block(text: str, lines: list[str]) -> str:
    """A text with these lines in the marked block; the block stays where it is, or comes last."""
    rest = text.splitlines()
    begin = rest.index(BEGIN) if BEGIN in rest else len(rest)
    end = rest.index(END, begin) + 1 if END in rest[begin:] else len(rest)
    above, below = rest[:begin], rest[end:]
    own = f"/{FOLDER}/"
    wanted = [*([] if {own, own[1:]} & {*above, *below} else [own]), *lines]
    block = [BEGIN, *wanted, END] if lines else []
    return "".join(f"{line}\n" for line in (*above, *block, *below))


def install(root: Path) -> tuple[str, ...]:
    """Let Git merge the pointer by ModelSync, in this clone; the answer is what was written.

    UsageError outside of a Git repository. The line in `.gitattributes` is to be committed; the setting is the clone's.
    """
    if not git.is_inside(root):
        raise UsageError(f"`{root}` lies in no Git repository", help="run `git init` first, or name another folder")
    program = shlex.join([sys.executable, "-P", "-m", "modelsync", "merge-driver"])
    done = []
    for name, value in (("name", "ModelSync merges the data of both sides"), ("driver", f"{program} %O %A %B %P")):
        key = f"merge.{DRIVER}.{name}"
        if git.ask(root, "config", "--local", "--get", key) != value:
            if git.ask(root, "config", "--local", key, value) is None:
                raise UsageError(f"Git refused the setting `{key}`", help="look at the rights on .git/config")
            done.append(f"git config {key}")
    file = (root / ".gitattributes").resolve()
    text = file.read_text(encoding="utf-8", errors="surrogateescape") if file.is_file() else ""
    if _ATTRIBUTE not in text.splitlines():
        write(file, f"{text}{'' if text.endswith(chr(10)) or not text else chr(10)}{_ATTRIBUTE}\n", root)
        done.append(f".gitattributes: {_ATTRIBUTE}")
    return tuple(done)


def write(file: Path, text: str, root: Path) -> None:
    """Write a small file in one step."""
    with fresh_file(file, temp=root / FOLDER / "tmp") as handle:
        handle.write(text.encode("utf-8", "surrogateescape"))


def _pattern(root: Path, path: str) -> str:
    shown = "".join(f"\\{sign}" if sign in _SPECIAL else sign for sign in path)
    return f"/{shown}/" if (root / path).is_dir() else f"/{shown}"
