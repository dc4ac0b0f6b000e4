"""The head of the file and its sections."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from modelsync.language.known import Known
from modelsync.language.load import Loaded, load

Spoil = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (["params:\n", "params: 3\nold:\n"], ["MS103 3", "MS101 old"]),
        (["datasets:\n", "datasets: [a]\nold:\n"], ["MS103 [", "MS101 old"]),
        (["pipelines:\n", "pipelines: [a]\nold:\n"], ["MS103 [", "MS101 old"]),
        (["models:\n", "models: x\nold:\n"], ["MS103 x", "MS101 old"]),
        (["stages:\n", "stages: x\nold:\n"], ["MS103 x", "MS101 old"]),
        (["deploy:\n", "deploy: x\nold:\n"], ["MS103 x", "MS101 old"]),
        (["  train:\n    steps:\n", "  train:\n    steps: 3\n    old:\n"], ["MS103 3", "MS101 old"]),
        (["outputs: {model: model}", "outputs: model"], ["MS103 model"]),
        (["inputs: {train: steps.features.train}", "inputs: train"], ["MS103 train"]),
        (["modelsync: 1\n", ""], ["MS102 p"]),
        (["modelsync: 1\n", "modelsync: 2\n"], ["MS108 2"]),
        (["modelsync: 1\n", "modelsync: one\n"], ["MS103 one"]),
        (["project: churn-model\n", ""], ["MS102 m"]),
        (["project: churn-model\n", "project: churn model\n"], ["MS107 churn model"]),
        (["project: churn-model\n", "project: [a]\n"], ["MS103 ["]),
        (["root: .\n", "root: /\n"], ["MS601 /"]),
        (["root: .\n", "root: data\n"], ["MS601 data"]),
        (["root: .\n", "root: [x]\n"], ["MS103 ["]),
        (["concurrency: 2", "concurrency: 0"], ["MS104 0"]),
        (["engine: {", "engin: {"], ["MS101 engin"]),
        (["modelsync: 1\n", "modelsync: 1.0\n"], ["MS103 1.0"]),
        (["modelsync: 1\n", 'modelsync: "1"\n'], ['MS103 "1"']),
        (["modelsync: 1\n", "modelsync:\n"], ["MS103 modelsync"]),
        (["root: .\n", 'root: "${{ params.label }}"\n'], ['MS111 "${{ params.label }}"']),
        (["root: .\n", "root: ''\n"], ["MS104 ''"]),
        (["root: .\n", "root: null\n"], ["MS103 null"]),
        (["root: .\n", "root: .\ninclude: [no.yaml]\n"], ["MS010 no.yaml"]),
        (["root: .\n", "root: .\ninclude: {a: b}\n"], ["MS103 {"]),
        (["root: .\n", 'root: .\ninclude: "${{ params.label }}"\n'], ['MS111 "${{ params.label }}"']),
        (["runner: threads", "runner: thread"], ["MS105 thread"]),
        (["runner: threads", "runner: spark"], ["MS105 spark"]),
        (["concurrency: 2", "concurrency: 65"], ["MS104 65"]),
        (["concurrency: 2", "concurrency: 2.5"], ["MS103 2.5"]),
    ],
)
def test_the_good_spec_spoilt(spoil: Spoil, changes: list[str], found: list[str]) -> None:
    assert spoil(*changes) == found


def test_a_spec_is_a_mapping(said: Spoil) -> None:
    assert said("- a\n- b\n") == ["MS103 -"]
    assert said("[]\n") == ["MS103 ["]


def test_the_root_is_a_folder_above(load_text: Callable[..., Loaded], project: Path, known: Known) -> None:
    folder = project / "specs/churn"
    folder.mkdir(parents=True)
    spec = folder / "modelsync.yaml"
    spec.write_text("modelsync: 1\nproject: x\nroot: ../..\ndatasets:\n  a: {source: data/customers.csv}\n")
    loaded = load(spec, known)
    assert loaded.spec is not None
    assert loaded.spec.root == project.resolve()
    assert loaded.spec.datasets["a"].path == project.resolve() / "data/customers.csv"


def test_more_faults_than_anyone_mends_at_once_are_cut_off(said: Spoil) -> None:
    found = said("modelsync: 1\nproject: x\n" + "".join(f"unknown{n}: 1\n" for n in range(400)))
    assert len(found) == 201
    assert found[-1].startswith("MS002")


def test_exactly_as_many_faults_as_are_told_say_so(said: Spoil) -> None:
    assert len(said("modelsync: 1\nproject: x\n" + "".join(f"unknown{n}: 1\n" for n in range(199)))) == 199
    assert len(said("modelsync: 1\nproject: x\n" + "".join(f"unknown{n}: 1\n" for n in range(200)))) == 201


def test_faults_of_rules_are_cut_off_too(said: Spoil, whole: str) -> None:
    step = "      s{n}: {{run: flows/churn.py:fit, inputs: {{train: steps.no{n}.x}}, outputs: {{model: model}}}}\n"
    text = "modelsync: 1\nproject: x\npipelines:\n  p:\n    steps:\n" + "".join(step.format(n=n) for n in range(400))
    found = said(text)
    assert len(found) == 201
    assert {each[:5] for each in found} == {"MS201", "MS002"}


def test_one_fault_behind_an_anchor_does_not_fill_the_list(said: Spoil) -> None:
    columns = "".join(f"        c{n}: *c\n" for n in range(90))
    body = f"    source: data/customers.csv\n    contract:\n      columns:\n        c: &c {{type: strng}}\n{columns}"
    assert said(f"modelsync: 1\nproject: x\ndatasets:\n  d:\n{body}") == ["MS105 strng"]


def test_as_decoded(altered: Callable[..., Loaded]) -> None:
    spec = altered().spec
    assert spec is not None
    assert (spec.project, spec.runner, spec.concurrency) == ("churn", "dask", 2)
    assert spec.runner_at is not None
    assert spec.runner_at.line == len(spec.path.read_text().splitlines())
    assert spec.access.roles["ml-lead"] == ("ana@example.org", "bo@example.org")
    assert spec.files == (spec.path,)


def test_what_is_not_written_has_its_default(load_text: Callable[..., Loaded]) -> None:
    spec = load_text("modelsync: 1\nproject: x\n").spec
    assert spec is not None
    assert (spec.runner, spec.runner_at, spec.concurrency, dict(spec.access.roles)) == ("threads", None, 4, {})


@pytest.mark.parametrize(
    ("roles", "found"),
    [
        ("{lead: ana@example.org}", []),
        ("{lead: ['*@example.org']}", []),
        ("{lead: []}", []),
        ("{lead: [bob]}", ["MS107 bob"]),
        ("{lead: [a@b@c]}", ["MS107 a@b@c"]),
        ("{lead: {ana: yes}}", ["MS103 {"]),
        ("{lead: null}", ["MS103 null"]),
        ("[lead]", ["MS103 ["]),
    ],
)
def test_people_by_role(said: Spoil, roles: str, found: list[str]) -> None:
    assert said(f"modelsync: 1\nproject: x\naccess: {{roles: {roles}}}\n") == found
