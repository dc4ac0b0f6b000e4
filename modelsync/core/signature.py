"""What can be known of a user's function without running it: its parameters and where it stands."""

from __future__ import annotations

from dataclasses import dataclass

from modelsync.core.diagnostics import Pos


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a function, with its annotation as text."""

    name: str
    required: bool
    annotation: str = ""


@dataclass(frozen=True, slots=True)
class Signature:
    """A function as its syntax tree shows it; `open` when it takes any keyword (`**options`)."""

    name: str
    parameters: tuple[Parameter, ...]
    at: Pos | None  # None for what ModelSync brings itself
    open: bool = False


@dataclass(frozen=True, slots=True)
class SignatureFault:
    """Why a function can't be had: no such file, no such name (with the nearest one), or Python that does not parse."""

    reason: str  # file | name | syntax
    message: str
    suggestion: str = ""  # the nearest name that exists, when there is one
    at: Pos | None = None  # the place in the Python file, when there is one
