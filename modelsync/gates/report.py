"""The pages of a verdict: ours, and those of other libraries beside it, which decide nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from modelsync.core.checks import Report
from modelsync.core.verdict import Verdict
from modelsync.gates import data_docs, evidently_page
from modelsync.gates.page import document
from modelsync.gates.page.about import About, Beside
from modelsync.gates.page.file import keep
from modelsync.gates.page.scene import Scene
from modelsync.gates.question import Question

NOWHERE = About()


@dataclass(frozen=True, slots=True)
class Peer:
    """A library that draws a page of its own: its name for people, its part of the file name, how it draws.

    `is_sampled`: it is given no more rows than a picture needs.
    """

    said: str
    name: str
    draw: Callable[[Question, Verdict, Path], None]
    is_sampled: bool

    def path(self, page: Path) -> Path:
        """Where its page lies: in the folder of ours."""
        return page.with_name(f"{page.stem}.{self.name}.html")

    def given(self, question: Question) -> Question:
        """The question with the rows that are drawn, so that a large table need not be kept until then."""
        if not self.is_sampled:
            return question
        scene = Scene(question)
        return replace(question, table=scene.now.part(), reference=scene.before.part())


PEERS: Mapping[Report, Peer] = {
    Report.EVIDENTLY: Peer("evidently", "evidently", evidently_page.draw, is_sampled=True),
    Report.DATA_DOCS: Peer("Great Expectations", "data_docs", data_docs.draw, is_sampled=False),
}


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """A page that another library still has to draw, with all that it needs for it.

    `key` is that of the verdict in the journal, `page` is where ours lies.
    """

    gate: str
    key: str
    peer: Peer
    question: Question
    verdict: Verdict
    page: Path

    @property
    def label(self) -> str:
        """What its task is called."""
        return f"report: {self.gate}"

    @property
    def path(self) -> Path:
        """Where it is drawn."""
        return self.peer.path(self.page)


def draw(question: Question, verdict: Verdict, path: Path, about: About = NOWHERE) -> None:
    """Write our page: one HTML file that needs nothing beside it. Odd data break a picture, never the page."""
    keep(document.page(question, verdict, about), path)


def beside(report: Report, path: Path) -> tuple[Beside, ...]:
    """The page of another library that will lie beside ours at `path`, for the link to it."""
    peer = PEERS.get(report)
    return () if peer is None else (Beside(peer.path(path).name, peer.said),)
