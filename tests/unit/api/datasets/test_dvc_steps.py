"""Stages as steps: what can be said, and why the rest can't."""

from __future__ import annotations

from dataclasses import replace

import pytest

from modelsync.api.datasets.dvc_steps import Known, NoCounterpartError, in_order, step
from modelsync.data.dvc import Out, Stage

STAGE = Stage(
    name="train-it",
    file="dvc.yaml",
    folder="",
    commands=("python src/train.py ./data/rows.csv --out 'model.bin' metrics.json",),
    deps=("src/train.py", "data/rows.csv"),
    outs=("model.bin",),
    params=(),
    metrics=("metrics.json",),
    plots=(),
)
OUTS = {"model.bin": Out("model.bin", "a" * 32, 1, "train-it", True)}


def known() -> Known:
    return Known({"data/rows.csv": "datasets.rows"})


def test_a_stage_that_names_its_data_is_a_step() -> None:
    seen = known()
    name, body = step(STAGE, OUTS, seen)
    assert name == "train_it"
    assert body == {
        "command": ["python", "src/train.py", "{inputs.rows}", "--out", "{outputs.model}", "{outputs.metrics}"],
        "inputs": {"rows": "datasets.rows"},
        "outputs": {"model": "file", "metrics": "metrics"},
    }
    assert seen.references["model.bin"] == "steps.train_it.model"
    assert step(replace(STAGE, name="train_it"), OUTS, seen)[0] == "train_it_2"


def test_a_folder_and_two_of_one_name() -> None:
    stage = replace(STAGE, commands=("cp -r a/rows b/rows",), deps=("a/rows",), outs=("b/rows",), metrics=())
    seen = Known({"a/rows": "datasets.rows"})
    _, body = step(stage, {"b/rows": Out("b/rows", "a" * 32 + ".dir", 1, "x", True)}, seen)
    assert body["command"] == ["cp", "-r", "{inputs.rows}", "{outputs.rows_2}"]
    assert body["outputs"] == {"rows_2": "folder"}


@pytest.mark.parametrize(
    ("stage", "why"),
    [
        (replace(STAGE, commands=("a", "b")), "it runs 2 commands"),
        (replace(STAGE, folder="src"), "it runs in the folder `src`"),
        (replace(STAGE, commands=("cat x | sort > y",)), "its command is a line for a shell"),
        (replace(STAGE, commands=("python 'x",)), "its command can't be read: No closing quotation"),
        (replace(STAGE, params=("params.yaml:a", "params.yaml:b")), "it reads `params.yaml:a` and 1 more by itself"),
        (
            replace(STAGE, commands=("python src/train.py model.bin metrics.json",)),
            "it reads `data/rows.csv` at",
        ),
        (
            replace(STAGE, commands=("python src/train.py data/rows.csv",)),
            "it writes `model.bin` at a place",
        ),
    ],
)
def test_what_has_no_counterpart(stage: Stage, why: str) -> None:
    with pytest.raises(NoCounterpartError) as told:
        step(stage, OUTS, known())
    assert str(told.value).startswith(why)


def test_stages_come_after_what_they_read() -> None:
    last = replace(STAGE, name="last", deps=("mid",), outs=("end",), metrics=())
    mid = replace(STAGE, name="mid", deps=("model.bin",), outs=("mid",), metrics=())
    assert [each.name for each in in_order((last, mid, STAGE))] == ["train-it", "mid", "last"]
    loop = replace(STAGE, name="loop", deps=("end",), outs=("mid2",), metrics=())
    assert {each.name for each in in_order((replace(last, deps=("mid2",)), loop))} == {"last", "loop"}
