"""What can be known of a user's function without running it: its parameters and where it stands."""

from __future__ import annotations

from modelsync.core.diagnostics import Pos
from modelsync.core.records import record


@record
class Parameter:
    """One parameter of a function, with its annotation as text."""

    name: str
    required: bool
    annotation: str = ""


@record
class Signature:
    """A function as its syntax tree shows it; `open` when it takes any keyword (`**options`).

    `returns` is the annotation of what it returns, empty when there is none or a decorator may return something else.
    """

    name: str
    parameters: tuple[Parameter, ...]
    at: Pos | None  # None for what ModelSync brings itself
    open: bool = False
    returns: str = ""


@record
class SignatureFault:
    """Why a function can't be had: no such file, no such name (with the nearest one), or Python that does not parse;
    of an installed validator: no package brings it, or several packages do.
    """

    reason: str  # file | name | syntax | package | packages
    message: str
    suggestion: str = ""  # the nearest name that exists, when there is one
    at: Pos | None = None  # the place in the Python file, when there is one
