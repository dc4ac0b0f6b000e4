"""What a spec declares, found before anything is decoded."""

from __future__ import annotations

from pathlib import Path

import pytest

from modelsync.core.artifacts import OutputType
from modelsync.core.diagnostics import Pos
from modelsync.language.model import Ref, RefKind
from modelsync.language.names import Names, collect, is_name
from modelsync.language.nodes import Mapping
from modelsync.language.read import read
from modelsync.language.source import Source

AT = Pos(Path("modelsync.yaml"), 1, 1, 1, 2)
TEXT = """
params: {seed: nonsense}
datasets: {customers: [broken]}
pipelines:
  train:
    steps:
      split: {outputs: {train: table, test: tabel}}
      fit: {outputs: [broken]}
      broken: 3
  empty:
gates: {fair: }
models: {churn: }
stages: {staging: }
deploy: {live: }
"""


@pytest.fixture
def names() -> Names:
    root = read(Source(Path("modelsync.yaml"), TEXT)).root
    assert isinstance(root, Mapping)
    return collect(root)


def test_names_are_found_however_broken_their_bodies(names: Names) -> None:
    flat = (names.params, names.datasets, names.pipelines, names.gates, names.models, names.stages, names.deploys)
    found = [list(table) for table in flat]
    assert found == [["seed"], ["customers"], ["train", "empty"], ["fair"], ["churn"], ["staging"], ["live"]]
    assert list(names.steps) == [("train", "split"), ("train", "fit"), ("train", "broken")]
    assert names.outputs == {("train", "split", "train"): OutputType.TABLE, ("train", "split", "test"): None}


def test_a_reference_has_the_place_of_its_declaration(names: Names) -> None:
    place = names.place(Ref(RefKind.OUTPUT, ("train", "split", "test"), AT))
    assert place is not None
    assert place.line == 7
    assert names.place(Ref(RefKind.DATASET, ("customers",), AT)) == names.datasets["customers"]
    assert names.place(Ref(RefKind.MODEL, ("churn",), AT)) == names.models["churn"]
    assert names.place(Ref(RefKind.MODEL, ("other",), AT)) is None


def test_references_that_could_be_written(names: Names) -> None:
    outside = ["pipelines.train.split.train", "pipelines.train.split.test", "datasets.customers", "models.churn"]
    inside = ["steps.split.train", "steps.split.test", "datasets.customers", "models.churn"]
    assert list(names.references()) == outside
    assert list(names.references("train")) == inside


def test_what_could_stand_in_a_broken_part_is_hidden(names: Names) -> None:
    assert names.broken == {("pipelines", "train", "fit"), ("pipelines", "train", "broken")}
    assert names.is_hidden("pipelines", "train", "fit", "model")
    assert not names.is_hidden("pipelines", "train", "split", "model")
    assert not names.is_hidden("pipelines", "train")


@pytest.mark.parametrize(
    ("text", "good"),
    [("a_1", True), ("_a", True), ("1a", False), ("a-b", False), ("and", False), ("", False), ("a" * 65, False)],
)
def test_is_name(text: str, good: bool) -> None:
    assert is_name(text) == good
