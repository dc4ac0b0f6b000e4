"""Plots: figures of matplotlib as PNG, of plotly as HTML, or a picture that the step wrote itself."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

from modelsync.core.errors import StepError
from modelsync.usercode.kinds.paths import replace, said

SUFFIXES = (".png", ".html", ".svg")
_DOTS_PER_INCH = 150  # sharp on a dense screen, some hundred kilobytes at most
_WAY_OUT = "return a matplotlib or plotly figure, HTML text, or a pathlib.Path to a .png, .html or .svg file"


def write(value: Any, stem: Path) -> tuple[Path, dict[str, Any]]:
    """A figure, HTML text, or the path of a picture, as `<stem>.png`, `.html` or `.svg`."""
    if isinstance(value, Path):
        return _copy(value, stem), {}
    if isinstance(value, str):
        return _html(value, stem), {}
    library = type(value).__module__.split(".")[0]
    if hasattr(value, "figure") and not hasattr(value, "savefig") and hasattr(value.figure, "savefig"):
        value = value.figure  # axes, which most plotting functions of pandas and scikit-learn return
    if hasattr(value, "savefig"):
        return _png(value, stem), {}
    if library == "plotly" and hasattr(value, "to_html"):
        # The library goes into the page: it must open without a network. The name makes the same figure the same bytes.
        return _html(value.to_html(include_plotlyjs=True, div_id=stem.name), stem), {}
    raise StepError(f"{said(value)} was returned", help=_WAY_OUT)


def _png(figure: Any, stem: Path) -> Path:
    path = stem.with_name(stem.name + ".png")
    no_version = {"Software": None}  # else the picture would change with every release of matplotlib
    replace(path, lambda partial: figure.savefig(partial, format="png", dpi=_DOTS_PER_INCH, metadata=no_version))
    if "matplotlib.pyplot" in sys.modules:  # it keeps every figure it made until it is closed
        sys.modules["matplotlib.pyplot"].close(figure)
    return path


def _html(text: str, stem: Path) -> Path:
    if not text.lstrip().startswith("<"):
        raise StepError("the text that was returned is not HTML", help=_WAY_OUT)
    return replace(stem.with_name(stem.name + ".html"), lambda partial: partial.write_text(text, encoding="utf-8"))


def _copy(picture: Path, stem: Path) -> Path:
    if not picture.is_file():
        raise StepError(f"there is no file `{picture}`", help="write the picture before returning its path")
    if picture.suffix.lower() not in SUFFIXES:
        raise StepError(f"`{picture}` is no picture that a browser shows", help=_WAY_OUT)
    path = stem.with_name(stem.name + picture.suffix.lower())
    return replace(path, lambda partial: shutil.copyfile(picture, partial))
