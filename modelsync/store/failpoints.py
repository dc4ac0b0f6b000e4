"""Named places at which a test can make the process die, as a power cut would: nothing happens unless asked."""

from __future__ import annotations

import os

VARIABLE = "MODELSYNC_FAILPOINT"
_KILLED = 137  # what a shell shows for SIGKILL

# One name on each side of every write, fsync, rename and commit. `name:3` means the third time it is reached.
NAMES = (
    "before_file_write",
    "after_file_write",
    "after_file_fsync",
    "after_file_rename",
    "after_file_folder_fsync",
    "before_schema_commit",
    "after_schema_commit",
    "before_pack_write",
    "after_pack_write",
    "after_pack_footer",
    "after_pack_fsync",
    "before_pack_rename",
    "after_pack_rename",
    "after_pack_folder_fsync",
    "before_put_commit",
    "after_put_commit",
    "before_collect_commit",
    "after_collect_commit",
    "after_pack_unlink",
    "after_loose_unlink",
    "before_rebuild_rename",
    "after_rebuild_rename",
)

_times: dict[str, int] = {}


def reached(name: str) -> None:
    """Die here, without any cleaning up, when the environment asks for this name."""
    asked = os.environ.get(VARIABLE)
    if asked is None:
        return
    wanted, _, count = asked.partition(":")
    if wanted != name:
        return
    _times[name] = _times.get(name, 0) + 1
    if _times[name] == int(count or 1):
        os._exit(_KILLED)
