from __future__ import annotations

from modelsync.gates.page.about import About, Beside


def test_nothing_has_to_be_known_of_a_run() -> None:
    assert About() == About(stops=(), beside=())
    assert About(beside=(Beside("g.evidently.html", "evidently"),)).beside[0].drawn_by == "evidently"
