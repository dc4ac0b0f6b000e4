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
    ],
)
def test_the_good_spec_spoilt(spoil: Spoil, changes: list[str], found: list[str]) -> None:
    assert spoil(*changes) == found


def test_a_spec_is_a_mapping(said: Spoil) -> None:
    assert said("- a\n- b\n") == ["MS103 -"]
    assert said("just text") == ["MS103 just text"]
    assert said("---\n") == ["MS102", "MS102"]


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
