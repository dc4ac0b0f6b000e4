"""A card says what was measured, against what, and how sure that is."""

from __future__ import annotations

from modelsync.core.verdict import Outcome
from modelsync.gates.page.cards import folded, mark, opened
from modelsync.gates.page.scene import Scene
from modelsync.gates.page.topics import topics
from modelsync.gates.question import Question
from tests.unit.gates.page.conftest import check, tree, verdict, words

SCENE = Scene(Question("g", "drift"))


def test_effect_and_p_stand_side_by_side_and_nothing_is_left_out() -> None:
    full = check(
        interval=(0.3, 0.5), effect=0.07, p_value=1e-9, p_adjusted=0.02, n=4000, n_reference=5000, n_missing=12,
        noise=0.05, bins=10, note="2 new levels: <b>, x <= y",
    )  # fmt: skip
    made = verdict([full])
    said = words(opened(topics(made)[0], made, SCENE))
    for part in (
        "psi 0.4 , must be ≤ 0.2",
        "interval 0.3 to 0.5",
        "effect 0.07",
        "p < 0.0001",
        "adjusted p 0.02",
        "rows 4,000 against 5,000",
        "missing 12",
        "shown by chance 0.05",
        "bins 10",
        "2 new levels: <b>, x ≤ y",
    ):
        assert part in said


def test_a_check_that_does_not_decide_says_so() -> None:
    made = verdict([check(decides=False, note="10 bins", bins=10)])
    assert "does not decide by itself" in words(opened(topics(made)[0], made, SCENE))


def test_many_checks_of_one_column_are_counted() -> None:
    made = verdict([check(f"psi[{number}]", outcome=Outcome.ERROR, value=None) for number in range(30)])
    card = opened(topics(made)[0], made, SCENE)
    assert "18 more checks are in the table below" in words(card)
    assert len(card) < 10_000


def test_a_folded_card_shows_its_number_before_it_is_opened() -> None:
    made = verdict([check(outcome=Outcome.PASS, value=0.1)], outcome=Outcome.PASS)
    summary = tree(folded(topics(made)[0], made, SCENE)).find("summary")
    assert summary is not None
    assert "".join(summary.itertext()) == "agepsi 0.1, must be ≤ 0.2 ✓ Pass"


def test_an_outcome_is_told_by_word_sign_and_colour() -> None:
    assert mark(Outcome.FAIL) == '<span class="mark fail">✕ Fail</span>'
    assert len({mark(outcome) for outcome in Outcome}) == len(Outcome)
