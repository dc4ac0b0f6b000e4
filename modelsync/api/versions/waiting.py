"""Whether Git waits for somebody to end a merge, told by a look at its folder: no process, no import that costs."""

from __future__ import annotations

import os

# Git has one of these in its folder while a merge, a rebase, a cherry-pick or a revert is under way.
_NAMES = ("MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "rebase-merge", "rebase-apply")


def is_git_waiting(root: str) -> bool:
    """Whether the Git repository around a folder has something under way; False without one."""
    folder = os.path.abspath(root)  # noqa: PTH100 - texts, because `status` is counted in milliseconds
    while True:
        found = f"{folder}/.git"
        if os.path.lexists(found):
            inside = _inside(folder, found)
            return any(os.path.lexists(f"{inside}/{name}") for name in _NAMES)
        above = os.path.dirname(folder)  # noqa: PTH120
        if above == folder:
            return False
        folder = above


def _inside(folder: str, found: str) -> str:
    """Git's own folder; a work tree beside another one, and a submodule, have a file that names it."""
    if os.path.isdir(found):  # noqa: PTH112
        return found
    try:
        with open(found, encoding="utf-8", errors="surrogateescape") as handle:  # noqa: PTH123
            named = handle.read().removeprefix("gitdir:").strip()
    except OSError:
        return found
    return os.path.join(folder, named)  # noqa: PTH118
