"""What a spec declares, found before anything is decoded."""

from __future__ import annotations

from pathlib import Path

import pytest

from modelsync.core.artifacts import OutputType
from modelsync.core.diagnostics import Pos
from modelsync.language.model import Ref, RefKind
from modelsync.language.names import Names, collect, is_name, local
from modelsync.language.text.nodes import Mapping
from modelsync.language.text.read import read
from modelsync.language.text.source import Source

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
secrets: {hook: }
remotes: {lake: }
schedules: {nightly: }
monitors: {watchful: }
notify: {chat: }
access: {roles: {lead: }}
"""


def collected(text: str) -> Names:
    root = read(Source(Path("modelsync.yaml"), text)).root
    assert isinstance(root, Mapping)
    return collect(root)


@pytest.fixture
def names() -> Names:
    return collected(TEXT)


def test_names_are_found_however_broken_their_bodies(names: Names) -> None:
    flat = (names.params, names.datasets, names.pipelines, names.gates, names.models, names.stages, names.deploys)
    found = [list(table) for table in flat]
    assert found == [["seed"], ["customers"], ["train", "empty"], ["fair"], ["churn"], ["staging"], ["live"]]
    more = (names.secrets, names.remotes, names.schedules, names.monitors, names.channels, names.roles)
    assert [list(table) for table in more] == [["hook"], ["lake"], ["nightly"], ["watchful"], ["chat"], ["lead"]]
    assert list(names.steps) == [("train", "split"), ("train", "fit"), ("train", "broken")]
    assert names.outputs == {
        ("train", "split", "train"): OutputType.TABLE,
        ("train", "split", "test"): OutputType.TABLE,
    }


def test_a_reference_has_the_place_of_its_declaration(names: Names) -> None:
    place = names.place(Ref(RefKind.OUTPUT, ("train", "split", "test"), AT))
    assert place is not None
    assert place.line == 7
    assert names.place(Ref(RefKind.DATASET, ("customers",), AT)) == names.datasets["customers"]
    assert names.place(Ref(RefKind.MODEL, ("churn",), AT)) == names.models["churn"]
    assert names.place(Ref(RefKind.MODEL, ("other",), AT)) is None


def test_an_output_of_a_type_that_is_none_has_none() -> None:
    names = collected("pipelines: {p: {steps: {s: {outputs: {a: zzz, b: modl, c: [x], d: , e: folder}}}}}")
    types = {output: type for (_, _, output), type in names.outputs.items()}
    assert types == {"a": None, "b": OutputType.MODEL, "c": None, "d": None, "e": OutputType.FOLDER}
    assert list(names.outputs_at) == list(names.outputs)


def test_references_that_could_be_written(names: Names) -> None:
    outputs = ["pipelines.train.split.train", "pipelines.train.split.test"]
    assert list(names.referable(("datasets", "outputs"))) == [*outputs, "datasets.customers"]
    assert list(names.referable(("outputs", "models"), "train")) == [
        "steps.split.train",
        "steps.split.test",
        "models.churn",
    ]
    steps = ["pipelines.train.split", "pipelines.train.fit", "pipelines.train.broken"]
    assert list(names.referable(("steps",))) == steps
    assert list(names.referable(("steps",), "train")) == ["steps.split", "steps.fit", "steps.broken"]
    assert list(names.referable(("live",))) == ["live.requests"]
    assert list(names.referable(())) == []


def test_every_declared_name_has_a_position(names: Names) -> None:
    declared = list(names.declared())
    assert len(declared) == len(set(declared)) == 19
    assert {"params", "steps", "outputs", "roles", "notify", "deploy"} <= {path[0] for path in declared}
    assert all(names.position(path) is not None for path in declared)
    assert names.position(("steps", "train", "zzz")) is None
    assert names.position(("outputs", "train", "split", "zzz")) is None
    assert names.position(("gates", "zzz")) is None
    assert names.position(("gates", "a", "b")) is None


@pytest.mark.parametrize(
    ("kind", "path", "line"),
    [
        (RefKind.DATASET, ("customers",), 3),
        (RefKind.STEP, ("train", "fit"), 8),
        (RefKind.LIVE, ("live", "requests"), 14),
        (RefKind.LIVE, ("lve", "requests"), None),
        (RefKind.STEP, ("train", "zzz"), None),
    ],
)
def test_the_place_of_every_kind_of_reference(names: Names, kind: RefKind, path: tuple[str, ...], line: int) -> None:
    place = names.place(Ref(kind, path, AT))
    assert (place and place.line) == line


def test_followers_lead_to_the_matrix() -> None:
    steps = "a: {matrix: {s: [1]}}, b: {each: a}, c: {each: steps.b}, d: {each: pipelines.p.c}, e: {each: zzz}, f: {}"
    circle = "g: {each: h}, h: {each: g}, i: {each: i}, j: {each: [a]}, k: {each: }, l: {matrix: 3, each: a}"
    names = collected(f"pipelines: {{p: {{steps: {{{steps}, {circle}}}}}}}")
    assert [step for step in "abcdefghijkl" if names.is_many(("p", step))] == ["a", "b", "c", "d", "l"]
    assert [step for step in "abcdefghijkl" if names.is_unclear(("p", step))] == ["e", "g", "h", "i", "j", "k"]
    assert names.followed(("p", "d")) == ("p", "a")
    assert names.followed(("p", "e")) == ("p", "zzz")
    assert names.followed(("p", "f")) == ("p", "f")
    assert names.each["p", "j"] == names.each["p", "k"] == ""
    assert ("p", "l") not in names.each  # told where it is written; the matrix counts


def test_a_step_in_its_own_pipeline_by_any_path() -> None:
    assert local("fit", "train") == local("steps.fit", "train") == local("pipelines.train.fit", "train") == "fit"
    assert local("pipelines.other.fit", "train") == "pipelines.other.fit"


def test_what_could_stand_in_a_broken_part_is_hidden(names: Names) -> None:
    assert names.broken == {("pipelines", "train", "fit"), ("pipelines", "train", "broken")}
    assert collected("access: 3\ngates: [a]").broken == {("access",), ("gates",)}
    assert collected("access: {roles: [a]}\ngates:").broken == {("access",)}
    assert names.is_hidden("pipelines", "train", "fit", "model")
    assert not names.is_hidden("pipelines", "train", "split", "model")
    assert not names.is_hidden("pipelines", "train")


@pytest.mark.parametrize(
    ("text", "good"),
    [("a_1", True), ("_a", True), ("1a", False), ("a-b", False), ("and", False), ("", False), ("a" * 65, False)],
)
def test_is_name(text: str, good: bool) -> None:
    assert is_name(text) == good
