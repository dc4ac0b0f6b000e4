"""What the page says of the run around a verdict: where it was judged, what it stops, how to judge it again."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Beside:
    """Another page of the same verdict: its file name, in the same folder, and who draws it."""

    file: str
    drawn_by: str


@dataclass(frozen=True, slots=True)
class About:
    """Empty parts are left out of the page.

    `stops` are the labels of what does not go on unless the gate passes; `at` is when it was judged (ISO 8601);
    `asked` is one sentence for each entry of `checks`; `command` judges it again.
    """

    project: str = ""
    target: str = ""
    run: str = ""
    at: str = ""
    description: str = ""
    stops: tuple[str, ...] = ()
    command: str = ""
    beside: tuple[Beside, ...] = ()
