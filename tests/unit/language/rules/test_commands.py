"""What a command puts into its arguments, and what it must write."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from modelsync.language.load import Loaded

Spoil = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (['"{inputs.model}"', '"{inputs.modl}"'], ["MS215 inputs.modl"]),
        (['"{inputs.model}"', '"--model={inputs.model}"'], []),
        (['"{inputs.model}"', '"{inputs.model} {inputs.odd}"'], ["MS215 inputs.odd"]),
        (['"{params.horizon}"', '"{params.horison}"'], ["MS215 params.horison"]),
        (['"{params.horizon}"', '"{matrix.seed}"'], ["MS215 matrix.seed"]),
        (['"{params.horizon}"', '"{secrets.hook}"'], ["MS215 secrets.hook"]),
        (['"{params.horizon}"', '"{horizon}"'], ["MS207 horizon"]),
        (['"{params.horizon}"', "'{\"a\": 1}'"], ["MS207 horizon"]),
        (['"{params.horizon}"', '"{}"'], ["MS207 horizon"]),
        (['"{outputs.page}"', '"{outputs.pag}"'], ["MS215 outputs.pag"]),
        (['"{outputs.page}"', "page.html"], ["MS215 ["]),
        (['"{outputs.page}"', "null"], ["MS103 null"]),
        (['"{outputs.page}"', '"{outputs.page.html}"'], ["MS215 outputs.page.html"]),
        (["outputs: {page: file}", "outputs: {page: file, more: file}"], ["MS215 ["]),
        (["outputs: {page: file}", "outputs: {page: file, pag: file}"], ["MS215 ["]),
    ],
)
def test_the_whole_spec_altered(alter: Spoil, changes: list[str], found: list[str]) -> None:
    assert alter(*changes) == found


def test_every_output_that_is_never_written_is_told(altered: Callable[..., Loaded]) -> None:
    loaded = altered("outputs: {page: file}", "outputs: {page: file, one: file, two: file}")
    assert [each.help for each in loaded.diagnostics] == [
        "add the argument `{outputs.one}`",
        "add the argument `{outputs.two}`",
    ]


def test_a_command_of_a_matrix_may_name_its_axes(alter: Spoil) -> None:
    many = [
        "        inputs: {model: pipelines.train.best.model, orders",
        "        matrix: {size: [1, 2]}\n        inputs: {model: pipelines.train.best.model, orders",
    ]
    assert alter(*many, '--days, "1"', '--days, "{matrix.size}"') == []
    assert alter(*many, '--days, "1"', '--days, "{matrix.siz}"') == ["MS215 matrix.siz"]
    broken = [each.replace("[1, 2]", "7") for each in many]
    assert alter(*broken, '--days, "1"', '--days, "{matrix.size}"') == ["MS103 7"]


def test_a_slip_is_mended(altered: Callable[..., Loaded]) -> None:
    (found,) = altered('"{inputs.model}"', '"{inputs.modl}"').diagnostics
    assert found.help == "did you mean `{inputs.model}`?"
    assert found.fix is not None
    assert found.fix.replacement == "inputs.model"


def test_a_hole_that_is_misspelt_is_the_one_that_misses(alter: Spoil) -> None:
    assert alter('"{outputs.page}"', '"{outputs.pgae}"') == ["MS215 outputs.pgae"]


def test_what_is_missing_is_told_where_it_is_missing(alter: Spoil) -> None:
    assert [each[:5] for each in alter("        outputs: {page: file}\n", "")] == ["MS102"]
