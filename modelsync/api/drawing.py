"""`graph`: what a spec makes out of what, drawn."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from modelsync.api.opening import open_spec
from modelsync.plan.drawing import FORMS, text
from modelsync.plan.drawing.picture import graph
from modelsync.plan.drawing.text import WIDTH


def draw(path: Path | None, form: str, overrides: Mapping[str, str] | None = None, width: int = WIDTH) -> str:
    """The drawing of a spec in one of the forms of `FORMS`, text in `width` columns; errors as those of `open_spec`."""
    spec, _ = open_spec(path, overrides)
    drawn = graph(spec)
    return text.draw(drawn, width) if form == "text" else FORMS[form](drawn)


def save(file: Path, drawing: str) -> None:
    """Write a drawing; the file is whole at every moment, SurroundingsError when it can't be written."""
    from modelsync.store.durable import fresh_file  # only writing needs it

    target = file.resolve()
    with fresh_file(target, temp=target.parent) as handle:
        handle.write(drawing.encode("utf-8"))
