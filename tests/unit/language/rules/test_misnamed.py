"""A slip in a definition, when several places agree on another name."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from modelsync.language.load import Loaded

Spoil = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (["datasets:\n  customers:", "datasets:\n  custmers:"], ["MS213 custmers"]),
        (["      features:\n        run", "      feature:\n        run"], ["MS213 feature"]),
        (["outputs: {model: model}", "outputs: {modl: model}"], ["MS213 modl"]),
        (["  learner: {type: enum", "  lerner: {type: enum"], ["MS213 lerner"]),
        (["  fair:\n    kind", "  fiar:\n    kind"], ["MS213 fiar"]),
        (["models:\n  churn:", "models:\n  chrun:"], ["MS213 chrun"]),
        (["  staging: {after", "  stagng: {after"], ["MS208 staging"]),
        (["deploy:\n  live:", "deploy:\n  lve:"], ["MS208 live"]),
        (["pipelines:\n  train:", "pipelines:\n  trian:"], ["MS213 trian"]),
        (
            ["datasets:\n  customers:", "datasets:\n  orders:"],
            ["MS201 datasets.customers"] * 2 + ["MS302 changed(datasets.customers)"],
        ),
    ],
)
def test_the_good_spec_spoilt(spoil: Spoil, changes: list[str], found: list[str]) -> None:
    assert spoil(*changes) == found


def test_the_places_that_agree_are_shown_and_the_definition_is_mended(spoilt: Callable[..., Loaded]) -> None:
    (found,) = spoilt("datasets:\n  customers:", "datasets:\n  custmers:").diagnostics
    assert found.message == "`custmers` is used by nothing, and 3 places use `customers`, which does not exist"
    assert [each.message for each in found.related] == ["`customers` is used here"] * 3
    assert found.fix is not None
    assert found.fix.replacement == "customers"


def test_one_use_alone_is_the_slip(alter: Spoil) -> None:
    assert alter("orders: datasets.orders", "orders: datasets.ordres") == ["MS201 datasets.ordres"]
    assert alter("secrets.base", "secrets.bsae") == ["MS208 secrets.bsae"]


def test_a_name_that_is_used_is_no_slip(spoil: Spoil) -> None:
    """Both names are used: whoever wrote the one that is missing meant the other."""
    changes = ["steps.split.train, test: steps.split.test", "steps.splt.train, test: steps.splt.test"]
    assert spoil(*changes) == ["MS201 steps.splt.train", "MS201 steps.splt.test"]


def test_a_param_in_a_command_is_used(alter: Spoil) -> None:
    changes = ["${{ params.learner }}", "${{ params.horizn }}", "MODE: fast", 'MODE: "${{ params.horizn }}"']
    assert alter(*changes) == ["MS206 params.horizn", "MS206 params.horizn"]


def test_a_stage_that_only_a_schedule_names_is_used(alter: Spoil) -> None:
    more = ["  often: {every: 6h, run: {pipeline: report}", "  often: {every: 6h, run: {until: stagng}"]
    assert alter(*more, "until: staging}", "until: stagng}") == ["MS208 stagng", "MS208 stagng"]


def test_a_name_that_can_be_none_is_told_as_that(spoil: Spoil) -> None:
    assert spoil("datasets:\n  customers:", "datasets:\n  customers-1:") == ["MS107 customers-1"]


def test_secrets_and_roles_too(alter: Spoil) -> None:
    assert alter("  hook: {env", "  hok: {env") == ["MS213 hok"]
