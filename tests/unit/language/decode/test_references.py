"""References and code by their shape."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from modelsync.language.load import Loaded

Spoil = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (["{data: datasets.customers}", "{data: customers}"], ["MS203 customers"]),
        (["{data: datasets.customers}", "{data: datasets.customers.x}"], ["MS203 datasets.customers.x"]),
        (["{data: datasets.customers}", "{data: datasets.}"], ["MS203 datasets."]),
        (["{data: datasets.customers}", "{data: 7}"], ["MS203 7"]),
        (["{data: datasets.customers}", "{data: [datasets.customers]}"], ["MS103 ["]),
        (["{data: datasets.customers}", "{data: datasets.customers@1.0.0}"], []),
        (["{data: datasets.customers}", "{data: datasets.customers@1.0}"], ["MS203 datasets.customers@1.0"]),
        (["{data: datasets.customers}", "{data: datasets.customers@v1.0.0}"], ["MS203 datasets.customers@v1.0.0"]),
        (["{data: datasets.customers}", "{data: datasets.customers@latest}"], ["MS203 datasets.customers@latest"]),
        (["{data: datasets.customers}", "{data: datasets.customes@1.0.0}"], ["MS201 datasets.customes@1.0.0"]),
        (["{data: datasets.customers}", "{data: models.churn@1.0.0}"], ["MS203 models.churn@1.0.0"]),
        (["{data: datasets.customers}", "{data: live.requests}"], ["MS202 live.requests"]),
        (["{data: datasets.customers}", "{data: lve.requests}"], ["MS203 lve.requests"]),
        (["{data: datasets.customers}", "{data: null}"], ["MS103 null"]),
        (["{data: datasets.customers}", '{data: "${{ params.label }}"}'], ['MS111 "${{ params.label }}"']),
        (["{data: datasets.customers}", "{data: dataset.customers}"], ["MS203 dataset.customers"]),
        (["train: steps.features.train", "train: step.features.train"], ["MS203 step.features.train"]),
        (["train: steps.features.train", "train: steps.features"], ["MS203 steps.features"]),
        (["train: steps.features.train", "train: steps.features.trian"], ["MS201 steps.features.trian"]),
        (["train: steps.features.train", "train: steps.feature.train"], ["MS201 steps.feature.train"]),
        (["train: steps.features.train", "train: pipelines.train.features.train"], []),
        (
            ["train: steps.features.train", "train: pipeline.train.features.train"],
            ["MS203 pipeline.train.features.train"],
        ),
        (["{data: datasets.customers}", "{data: steps.features}"], ["MS203 steps.features"]),
        (["artifact: pipelines.train.fit.model", "artifact: steps.fit.model"], ["MS203 steps.fit.model"]),
        (["artifact: pipelines.train.fit.model", "artifact: steps.fit.nothing"], ["MS203 steps.fit.nothing"]),
        (["run: flows/churn.py:fit", "run: flows/churn.py"], ["MS203 flows/churn.py"]),
        (["run: flows/churn.py:fit", "run: flows/churn.sh:fit"], ["MS203 flows/churn.sh:fit"]),
        (["run: flows/churn.py:fit", "run: flows/churn.py:fit()"], ["MS203 flows/churn.py:fit()"]),
        (["run: flows/churn.py:fit", "run: flows.churn:fit"], ["MS203 flows.churn:fit"]),
        (["run: flows/churn.py:fit", "run: flows/chrun.py.fit"], ["MS203 flows/chrun.py.fit"]),
        (["run: flows/churn.py:fit", "run: ../churn.py:fit"], ["MS601 ../churn.py:fit"]),
        (["run: flows/churn.py:fit", "run: [a]"], ["MS103 ["]),
        (["uses: builtin/split", "uses: flows/churn.py:fit"], ["MS203 flows/churn.py:fit"]),
        (["uses: builtin/split", "uses: split"], ["MS203 split"]),
        (["uses: builtin/split", "uses: buildin/split"], ["MS404 buildin/split"]),
        (["uses: builtin/split", "uses: builtin/"], ["MS404 builtin/"]),
        (["uses: builtin/split", "uses: {a: b}"], ["MS103 {"]),
    ],
)
def test_the_good_spec_spoilt(spoil: Spoil, changes: list[str], found: list[str]) -> None:
    assert spoil(*changes) == found


def test_a_name_alone_is_answered_with_the_path(spoilt: Callable[..., Loaded]) -> None:
    (found,) = spoilt("{data: datasets.customers}", "{data: customers}").diagnostics
    assert found.help == "did you mean `datasets.customers`?"
    assert found.fix is not None


def test_a_short_path_outside_its_pipeline_is_answered_with_the_long_one(spoilt: Callable[..., Loaded]) -> None:
    (found,) = spoilt("artifact: pipelines.train.fit.model", "artifact: steps.fit.model").diagnostics
    assert found.help == "did you mean `pipelines.train.fit.model`?"
    assert found.fix is not None


@pytest.mark.parametrize(
    ("written", "help", "mend"),
    [
        ("pipeline.train.features.train", "did you mean `pipelines.train.features.train`?", True),
        ("stpes.features.train", "did you mean `steps.features.train`?", True),
        ("Steps.features.train", "did you mean `steps.features.train`?", True),
        ("features.train", "did you mean `steps.features.train`?", False),
        ("steps.features", "it can be `steps.features.train`, `steps.features.test`", False),
        (
            "pipelines.train.features",
            "it can be `pipelines.train.features.train`, `pipelines.train.features.test`",
            False,
        ),
        ("steps.fit", "did you mean `steps.fit.model`?", True),
        (
            "zzz.zzz",
            "it can be `steps.step.output`, `datasets.name`, `pipelines.pipeline.step.output`",
            False,
        ),
    ],
)
def test_what_was_meant(spoilt: Callable[..., Loaded], written: str, help: str, mend: bool) -> None:
    (found,) = [
        each for each in spoilt("train: steps.features.train", f"train: {written}").diagnostics if each.code != "MS204"
    ]
    assert (found.code, found.help) == ("MS203", help)
    assert (found.fix is not None) == mend


def test_a_slip_is_read_as_what_was_meant(spoilt: Callable[..., Loaded]) -> None:
    """The graph is whole: no step that does not exist, no gate without a champion, nothing unused."""
    changes = [
        "data: datasets.customers}",
        "data: dataset.customers}",
        "train: steps.features.train",
        "train: stps.features.train",
    ]
    loaded = spoilt(*changes)
    assert [each.code for each in loaded.diagnostics] == ["MS203", "MS203"]
    assert loaded.subject is not None
    steps = loaded.subject.spec.pipelines["train"].steps
    assert str(steps["split"].inputs["data"]) == "datasets.customers"
    assert str(steps["fit"].inputs["train"]) == "pipelines.train.features.train"


def test_a_version_that_is_none_still_names_its_dataset(spoilt: Callable[..., Loaded]) -> None:
    for written, version in (("v1.2.0", "1.2.0"), ("newest", "")):
        loaded = spoilt("{data: datasets.customers}", f"{{data: datasets.customers@{written}}}")
        assert loaded.subject is not None
        ref = loaded.subject.spec.pipelines["train"].steps["split"].inputs["data"]
        assert (ref.path, ref.version) == (("customers",), version)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("flows/churn.py.fit", "flows/churn.py:fit"),
        ("flows/churn.py::fit", "flows/churn.py:fit"),
        ("flows/churn.py:fit()", "flows/churn.py:fit"),
        ("flows/churn.py fit", "flows/churn.py:fit"),
        ("flows/churn.py;fit", "flows/churn.py:fit"),
        ("flows/churn:fit", "flows/churn.py:fit"),
        ("flows.churn:fit", "flows/churn.py:fit"),
        ("flows.chrun:fit", "flows/chrun.py:fit"),
        ("flows/churn.sh:fit", ""),
        ("flows/churn.py", ""),
        ("fit", ""),
        ("'flows/churn.py:'", ""),
        ("flows/churn.py:1fit", ""),
    ],
)
def test_the_function_that_was_meant(spoilt: Callable[..., Loaded], written: str, meant: str) -> None:
    (found,) = [each for each in spoilt("flows/churn.py:fit", written).diagnostics if each.code == "MS203"]
    assert found.help == (f"did you mean `{meant}`?" if meant else "such as `flows/churn.py:fit`")
    assert (found.fix is not None) == ("churn" in meant)  # a file that is not there is only suggested


def test_a_text_of_64_kib_is_no_function_in_no_time(spoilt: Callable[..., Loaded]) -> None:
    for text in ("a" * 60_000, "a." * 30_000, "a/" * 30_000 + ":", "a-" * 30_000 + "!"):
        start = time.perf_counter()
        assert spoilt("run: flows/churn.py:fit", f"run: '{text}'").diagnostics[0].code == "MS203"
        assert time.perf_counter() - start < 3


@pytest.mark.parametrize("name", ["credit_limits", "acme.credit-limits", "_x"])
def test_a_gate_may_name_what_a_package_brings(spoilt: Callable[..., Loaded], name: str) -> None:
    loaded = spoilt("flows/churn.py:floor", name)
    assert loaded.subject is not None
    code = loaded.subject.spec.gates["floor"].uses
    assert code is not None
    assert (code.file, code.name, code.text) == (None, name, name)


@pytest.mark.parametrize("text", ["floor.py", "flows/floor", "a b", "7up", "flows.churn:floor", "builtin/floor"])
def test_what_can_not_be_such_a_name(spoilt: Callable[..., Loaded], text: str) -> None:
    assert spoilt("flows/churn.py:floor", text).diagnostics[0].code == "MS203"


def test_a_step_can_not(spoilt: Callable[..., Loaded]) -> None:
    assert [each.code for each in spoilt("run: flows/churn.py:fit", "run: credit_limits").diagnostics][:1] == ["MS203"]


def test_code_is_resolved_below_the_root(spoilt: Callable[..., Loaded]) -> None:
    spec = spoilt().spec
    assert spec is not None
    code = spec.pipelines["train"].steps["fit"].code
    assert (code.file, code.name, code.text) == (spec.root / "flows/churn.py", "fit", "flows/churn.py:fit")
    split = spec.pipelines["train"].steps["split"].code
    assert (split.file, split.name, split.text) == (None, "split", "builtin/split")
