"""What a user's own code prints in a process of its own: where it is kept, and how it reaches the logs of its task."""

from __future__ import annotations

from pathlib import Path

from modelsync.engine.context import Run

_SHOWN = 64 * 1024  # characters of it that are shown; the file holds all that is kept


def place(run: Run, name: str) -> Path:
    """The file for the words of a step or a gate of a run, in a folder that is there."""
    file = run.workspace.logs / f"run-{run.record.number}" / f"{name}.log"
    file.parent.mkdir(parents=True, exist_ok=True)
    return file


def tell(file: Path) -> None:
    """Print what a file holds, so that it reaches the logs of the task like the words of any other."""
    if file.exists() and (said := file.read_text(encoding="utf-8", errors="replace")[-_SHOWN:].rstrip()):
        print(said)
