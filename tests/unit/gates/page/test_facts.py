"""What was asked, of which data, what was left out, how to do it again."""

from __future__ import annotations

import pandas as pd

from modelsync.core.checks import DriftCheck
from modelsync.core.verdict import Outcome
from modelsync.gates.page import facts
from modelsync.gates.page.about import About
from modelsync.gates.page.scene import Scene
from modelsync.gates.question import Question
from tests.unit.gates.page.conftest import check, verdict, words

NOTHING = Question("g", "drift")


def test_every_parameter_is_said() -> None:
    params = {
        "checks": [{"test": "psi", "max": 0.2, "columns": ["a", "b"]}, {"test": "ks", "alpha": None}],
        "bins": 10,
        "epsilon": 1e-6,
        "label": {"column": "y", "positive": True},
        "nested": {"deep": [{"<x>": 1}]},
    }
    said = words(str(facts.asked(verdict(params=params), NOTHING)))
    for part in ("psi", "a, b", "none", "1e-06", "column: y, positive: true", '{"deep": [{"<x>": 1}]}'):
        assert part in said
    assert "Nothing was recorded" in words(str(facts.asked(verdict(), NOTHING)))


def test_thousands_of_columns_and_odd_parameters_stay_short() -> None:
    columns = [f"column {number}" for number in range(5000)]
    asked = facts.asked(verdict(params={"checks": [{"columns": columns}] * 1000, "more": columns}), NOTHING)
    assert len(asked) < 300_000
    assert "and 800 more" in words(str(asked))
    several = [{name: 1} for name in "abcdefghijklmno"]
    assert "a 1 b 1" in words(str(facts.asked(verdict(params={"expectations": several}), NOTHING)))
    quality = [{"expect_column_x": {"column": "age", "min_value": 0}}, {"expect_y": {}}]
    assert "expect_column_x column: age, min_value: 0" in words(
        str(facts.asked(verdict(params={"expectations": quality}), NOTHING))
    )
    assert "any text" in words(str(facts.asked(verdict(params={"checks": "any text"}), NOTHING)))


def test_a_gate_that_broke_tells_what_the_question_asks() -> None:
    question = Question("g", "drift", checks=(DriftCheck("psi", 0.25, ("age",)),))
    said = words(str(facts.asked(verdict(), question)))
    for part in ("psi", "0.25", "age", "correction"):
        assert part in said


def test_digests_versions_seed_and_rows() -> None:
    made = verdict(
        data={"target": {"ref": "datasets.x", "content": "9f2c"}, "champion": {"version": "1.2.0", "content": "77"}},
        engine="numpy 2", libraries={"scipy": "1.17"}, seed=7,
    )  # fmt: skip
    frame = pd.DataFrame({"a": [1, 2, 3]})
    said = words(str(facts.seen(made, Scene(Question("g", "drift", table=frame, reference=frame.head(2))))))
    for part in (
        "datasets.x 9f2c",
        "1.2.0 77",
        "numpy 2",
        "scipy 1.17",
        "seed 7",
        "rows now 3",
        "rows of the reference 2",
    ):
        assert part in said


def test_what_was_left_out_and_why() -> None:
    assert facts.excluded(verdict([check()])) is None
    skipped = [check(f"s{n}", f"c{n}", outcome=Outcome.SKIPPED, note="a time always moves on") for n in range(50)]
    said = words(str(facts.excluded(verdict(skipped))))
    assert "c0 : a time always moves on" in said
    assert "and 10 more" in said


def test_the_command_is_there_as_it_is_typed() -> None:
    assert facts.again(verdict(), About()) is None
    command = "modelsync gate run 'a b' --spec specs/x.yaml"
    assert command in words(str(facts.again(verdict(), About(command=command))))
    seen = {"target": {"content": "9f2c"}}
    promises = [
        "comes out the same" in str(facts.again(verdict((), kind, data=seen), About(command=command)))
        for kind in ("drift", "freshness", "custom")
    ]
    assert promises == [True, False, False]
