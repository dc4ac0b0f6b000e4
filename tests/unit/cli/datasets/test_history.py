"""The history of a dataset on terminals of any width."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click
import pytest

from modelsync.api.datasets.looking import Told
from modelsync.cli.datasets.history import lines
from modelsync.engine.workspace import Workspace
from modelsync.registry.records import DatasetVersion
from modelsync.registry.state import State
from tests.unit.api.datasets.conftest import OTHER, ROWS, Shop

LONG = "minor when contract.extended or rows.added"


@pytest.fixture
def told(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> list[Told]:
    monkeypatch.chdir(tmp_path)
    shop = Shop(tmp_path, capsys)
    for text in (ROWS, OTHER):
        shop.write("rows.csv", text)
        shop("dataset", "add", "rows.csv")
    state: State = Workspace(shop.root).state()
    first, second = state.datasets["rows"]
    git = {"commit": "3be1cbc03f" + "0" * 30, "dirty": True}

    def seen(version: DatasetVersion) -> Told:
        moment = replace(version, git=git, at="2026-11-21T10:39:51.123Z")
        return Told(replace(moment, rule=LONG), None, "Grace Hopper <grace.hopper@example.org>")

    return [seen(second), seen(first)]


def shown(told: list[Told], wide: int | None) -> list[str]:
    return [click.unstyle(line) for line in lines(told, wide)]


def test_what_is_piped_has_all(told: list[Told]) -> None:
    head, newest, _ = shown(told, None)
    assert head.split() == ["VERSION", "ROWS", "CHANGE", "AT", "COMMIT", "BY", "WHY"]
    assert newest == (f"{newest[:23]}2026-11-21 10:39:51  3be1cbc03+  Grace Hopper <grace.hopper@example.org>  {LONG}")


def test_120_columns_have_all_but_seconds_and_mail(told: list[Told]) -> None:
    head, newest, _ = shown(told, 120)
    assert head.split() == ["VERSION", "ROWS", "CHANGE", "AT", "COMMIT", "BY", "WHY"]
    assert newest.endswith(f"2026-11-21 10:39  3be1cbc+  Grace Hopper  {LONG}")


def test_80_columns_say_what_has_no_room(told: list[Told]) -> None:
    head, newest, _, more = shown(told, 80)
    assert head.split() == ["VERSION", "ROWS", "CHANGE", "AT", "WHY"]
    assert newest.endswith(f"2026-11-21  {LONG}")
    assert more == "a wider terminal shows COMMIT and BY too"
    short = [replace(each, version=replace(each.version, rule="first version")) for each in told]
    assert "BY" in shown(short, 80)[0] and "COMMIT" in shown(short, 80)[0]


@pytest.mark.parametrize("wide", [20, 40, 79, 80, 100, 120, 200])
def test_no_line_wraps(told: list[Told], wide: int) -> None:
    assert all(len(line) <= max(wide, 40) for line in shown(told, wide))
