from __future__ import annotations

import click

from modelsync.cli.plan import plan_lines, summary
from modelsync.core.version import Version
from modelsync.plan.model import Decision, Node, NodeKind, Plan, Task
from modelsync.release.bumps import Prediction


def plan(*decisions: Decision) -> Plan:
    nodes = tuple(
        Node(Task(NodeKind.STEP, f"train.s{number}", f"s{number}"), decision, "why")
        for number, decision in enumerate(decisions)
    )
    prediction = Prediction(((Version(1, 0, 0), "major when x"), (Version(0, 2, 0), "minor when y")))
    return Plan("credit", nodes, {"credit": prediction}, {"credit": "0.1.0"})


def test_each_decision_has_a_word_and_a_reason() -> None:
    lines = [click.unstyle(line) for line in plan_lines(plan(*Decision))]
    assert [line.split()[0] for line in lines[1:6]] == ["run", "open", "reuse", "hold", "blocked"]
    assert all(line.endswith("why") for line in lines[1:6])
    assert lines[6:] == [
        "expected: credit 0.2.0 or 1.0.0 (now 0.1.0)",
        "  1.0.0 if major when x",
        "  0.2.0 if minor when y",
    ]


def test_the_counts() -> None:
    assert summary(plan(*Decision)) == "1 to run, 1 decided on the way, 1 reused, 1 held, 1 blocked"
    assert summary(plan(Decision.REUSE, Decision.REUSE)) == "nothing to do"
