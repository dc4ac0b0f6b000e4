from __future__ import annotations

import click
import pytest

from modelsync.cli.live import Screen, node_line, say
from modelsync.core.errors import InterruptedRunError
from modelsync.core.version import Version
from modelsync.engine.results import NodeResult, Status
from modelsync.plan.model import Decision, Node, NodeKind, Plan, Task
from modelsync.release.bumps import Prediction

TASK = Task(NodeKind.STEP, "train.fit", "fit")
PLAN = Plan(
    "credit", (Node(TASK, Decision.RUN, "first run"),), {"credit": Prediction(((Version(0, 1, 0), "first version"),))}
)


def test_without_a_terminal_each_thing_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    screen = Screen("credit", "modelsync.yaml")
    screen.planned(PLAN)
    screen.say("starting")
    screen.started(TASK)
    screen.ended(NodeResult(TASK, Status.DONE, "first run", 1.25))
    screen.close()
    screen.stopped(InterruptedRunError("interrupted", help="the next run goes on from there"))
    said = capsys.readouterr()
    assert said.out.splitlines() == [
        "credit modelsync.yaml: 1 to run",
        "expected: credit 0.1.0",
        "  starting",
        "  ✓ fit      1.2 s  first run",
    ]
    assert "the next run goes on from there" in said.err


def test_on_a_terminal_what_is_under_way_moves_and_what_is_over_stays(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    screen = Screen("credit", "modelsync.yaml")
    screen.planned(PLAN)
    screen.say("starting the server")
    assert "starting the server" in screen._under_way_lines().plain
    screen.started(TASK)
    assert "fit" in screen._under_way_lines().plain
    screen.ended(NodeResult(TASK, Status.DONE, "first run", 1.25))
    assert screen._under_way_lines().plain == ""
    screen.close()
    assert "fit" in capsys.readouterr().out


@pytest.mark.parametrize("status", list(Status))
def test_every_ending_has_a_mark(status: Status) -> None:
    line = click.unstyle(node_line(NodeResult(TASK, status, "why", 2.0), 5))
    assert line.strip()[0] in "✓=!✗‖-"
    assert line.endswith("why")
    assert ("2.0 s" in line) is (status is not Status.SKIPPED)


def test_a_long_reason_is_cut_on_its_line() -> None:
    assert node_line(NodeResult(TASK, Status.FAILED, "x" * 500), 5).count("x") == 149


def test_a_screen_that_is_gone_never_stops_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: object, **__: object) -> None:
        raise BrokenPipeError

    monkeypatch.setattr("click.echo", gone)
    screen = Screen("credit", "modelsync.yaml")
    screen.planned(PLAN)
    screen.ended(NodeResult(TASK, Status.DONE))
    screen.close()


def test_a_screen_without_these_signs_shows_others(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []

    def ascii_only(line: str, err: bool = False) -> None:
        line.encode("ascii")
        said.append(line)

    monkeypatch.setattr("click.echo", ascii_only)
    say("✓ fit")
    assert said == ["? fit"]
