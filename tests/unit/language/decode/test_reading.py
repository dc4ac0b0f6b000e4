"""Nodes to values: mappings, short forms, lists, names, secrets, nothing at all."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from modelsync.language.delivery import SecretRef
from modelsync.language.load import Loaded

Spoil = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (['with: {horizon: "${{ params.horizon }}"}', "with:"], ["MS207 horizon"]),
        (["    source: data/customers.csv\n", ""], ["MS102 t"]),
        (["    tags: [training, v1]", "    tags: [training, training]"], ["MS109 training"]),
        (["    tags: [training, v1]", "    tags: training"], []),
        (["    tags: [training, v1]", "    tags:\n      - training\n        v1"], ["MS103 v1"]),
        (["    tags: [training, v1]", "    tags: 7"], []),
        (["    tags: [training, v1]", "    tags: {a: b}"], ["MS103 {"]),
        (["    tags: [training, v1]", "    tags: [a, null]"], ["MS103 null"]),
        (["    tags: [training, v1]", "    tags:"], ["MS103 tags"]),
        (["gates: [data_quality]", "gates: [[data_quality]]"], ["MS103 ["]),
        (["gates: [data_quality]", "gates: gates.data_quality"], []),
        (["checks:\n      - {metric: recall", "checks:\n        metric: {metric: recall"], ["MS103 m"]),
        (["slices: {by: [plan], min_rows: 20}", "slices: plan"], ["MS103 plan"]),
        (["slices: {by: [plan], min_rows: 20}", "slices: {by: plan}"], []),
        (["engine: {runner: threads, concurrency: 2}", "engine:"], []),
        (["engine: {runner: threads, concurrency: 2}", "engine: [threads]"], ["MS103 ["]),
        (["engine: {runner: threads, concurrency: 2}", "engine: {runner: ray}"], []),
        (["report: true", "report: null"], ["MS103 null"]),
    ],
)
def test_the_good_spec_spoilt(spoil: Spoil, changes: list[str], found: list[str]) -> None:
    assert spoil(*changes) == found


FITS = "outputs: {model: model}\n        retries: 2"


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("retries: 3", []),
        ("retries: {limit: 3}", []),
        ("retries:", ["MS102 retries"]),
        ("retries: null", ["MS102 null"]),
        ("retries: []", ["MS103 ["]),
        ("retries: true", ["MS103 true"]),
        ("retries: -1", ["MS104 -1"]),
        ('retries: "3"', ['MS103 "3"']),
        ("retries: {limit: null}", ["MS103 null"]),
    ],
)
def test_a_bare_number_stands_for_its_key(alter: Spoil, written: str, found: list[str]) -> None:
    assert alter("retries: 2", written) == found


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("freshness: 36h", []),
        ("freshness: 36", ["MS106 36"]),
        ("freshness: [36h]", ["MS103 ["]),
        ("freshness:", ["MS102 freshness"]),
        ("freshness: {max_age: 36h}", []),
    ],
)
def test_a_bare_duration_stands_for_its_key(alter: Spoil, written: str, found: list[str]) -> None:
    assert alter("freshness: 36h", written) == found


def test_every_section_may_be_empty(said: Spoil) -> None:
    sections = "params datasets pipelines gates models stages deploy schedules monitors notify secrets remotes engine"
    for section in sections.split():
        assert said(f"modelsync: 1\nproject: x\n{section}:\n") == []
        assert said(f"modelsync: 1\nproject: x\n{section}: {{}}\n") == []
        assert said(f"modelsync: 1\nproject: x\n{section}: 3\n") == ["MS103 3"]
        assert said(f"modelsync: 1\nproject: x\n{section}: [a]\n") == ["MS103 ["]


def test_a_body_of_a_bad_name_is_read_as_well(spoil: Spoil) -> None:
    """All faults in one pass, and what is made below a bad name is no further fault of those who use it."""
    assert spoil("  customers:\n    source: data", "  customers-1:\n    sorce: data") == [
        "MS107 customers-1",
        "MS101 sorce",
    ]
    assert spoil("datasets:\n  customers:", "datasets:\n  all-customers:") == ["MS107 all-customers"]
    renamed = ["datasets:\n  customers:", "datasets:\n  all-customers:", "datasets.customers", "datasets.all-customers"]
    assert [each[:5] for each in spoil(*renamed)] == ["MS107", "MS301"]  # in a condition `-` is a minus


@pytest.mark.parametrize("name", ["1a", "a b", "a" * 65, "and", "ä"])
def test_what_can_not_be_a_name(said: Spoil, name: str) -> None:
    text = f"modelsync: 1\nproject: x\nstages:\n  {name}: {{}}\n"
    assert said(text) == [f"MS107 {name}"]


def test_columns_and_roles_have_names_of_their_own(said: Spoil, load_text: Callable[..., Loaded]) -> None:
    text = "modelsync: 1\nproject: x\naccess: {roles: {ml-lead: [a@b.c], 'ml lead': [a@b.c]}}\n"
    assert said(text) == ["MS107 'ml lead'"]
    columns = "{'customer id': int, 7: int, and: int}"
    data = f"datasets: {{d: {{source: data/customers.csv, contract: {{columns: {columns}}}}}}}\n"
    assert [each.code for each in load_text(f"modelsync: 1\nproject: x\n{data}").diagnostics] == []
    empty = data.replace("7:", "'':")
    (found,) = load_text(f"modelsync: 1\nproject: x\n{empty}").diagnostics
    assert (found.code, found.notes) == ("MS107", ())


def test_a_command_may_repeat_its_arguments(altered: Callable[..., Loaded]) -> None:
    spec = altered().spec
    assert spec is not None
    assert spec.pipelines["report"].steps["page"].command.count("--days") == 2


def test_a_key_is_never_put_in(alter: Spoil) -> None:
    assert alter("with: {metric", 'with: {"${{ params.learner }}": 1, metric') == ['MS111 "${{ params.learner }}"']
    assert alter("with: {metric: roc_auc", 'with: {metric: {"${{ params.learner }}": 1}') == [
        'MS111 "${{ params.learner }}"'
    ]


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("secrets.hook", []),
        ("hook", ["MS203 hook"]),
        ("secret.hook", ["MS203 secret.hook"]),
        ("secrets.hok", ["MS208 secrets.hok"]),
        ("secrets.", ["MS203 secrets."]),
        ("https://example.org/hook", ["MS602 https://example.org/hook"]),
        ('"${{ params.learner }}"', ['MS602 "${{ params.learner }}"']),
        ("7", ["MS602 7"]),
        ("null", ["MS103 null"]),
        ("{env: HOOK}", ["MS103 {"]),
        ("[secrets.hook]", ["MS103 ["]),
    ],
)
def test_a_secret_is_named_never_written(alter: Spoil, written: str, found: list[str]) -> None:
    assert alter("chat: {url: secrets.hook", f"chat: {{url: {written}") == found


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("slow", []),
        ("1.10", []),
        ("hook", []),
        ("secrets.hook", []),
        ("secrets.hok", ["MS208 secrets.hok"]),
        ("secret.hook", ["MS203 secret.hook"]),
        ("secret.hok", ["MS203 secret.hok"]),
        ("secret.garden", []),
        ("secrets", []),
        ("true", ["MS103 true"]),
        ("null", ["MS103 null"]),
        ("[a]", ["MS103 ["]),
        ("postgres://me:pass@host/db", ["MS602 postgres://me:pass@host/db"]),
    ],
)
def test_the_environment_of_a_step_takes_text_or_secrets(alter: Spoil, written: str, found: list[str]) -> None:
    assert alter("MODE: fast", f"MODE: {written}") == found


def test_a_secret_meant_is_mended(altered: Callable[..., Loaded]) -> None:
    for written in ("hook", "secret.hook"):
        (found,) = altered("chat: {url: secrets.hook", f"chat: {{url: {written}").diagnostics
        assert found.help == "did you mean `secrets.hook`?"
        assert found.fix is not None
        assert found.fix.replacement == "secrets.hook"


def test_values_as_decoded(altered: Callable[..., Loaded]) -> None:
    spec = altered().spec
    assert spec is not None
    hook = spec.channels["chat"].url
    assert hook == SecretRef("hook", hook.at)
    assert spec.remotes["shelf"].url == "/mnt/shelf"
    assert spec.datasets["customers"].tags == ("training",)
    assert spec.access.roles["contributor"] == ("*@example.org",)
