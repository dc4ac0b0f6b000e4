"""A DVC project becomes a plain report: what it holds, where the bytes are, and what has no counterpart."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from modelsync.data import dvc
from modelsync.data.dvc import Stage


def _keep(cache: Path, content: bytes, ending: str = "") -> str:
    md5 = hashlib.md5(content).hexdigest() + ending
    path = cache / "files" / "md5" / md5[:2] / md5[2:]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return md5


def _pointer(md5: str, path: str, **more: Any) -> dict[str, Any]:
    return {"outs": [{"md5": md5, "size": 4, "hash": "md5", "path": path, **more}]}


def test_pointers(tmp_path: Path) -> None:
    rows, lost = _keep(tmp_path, b"rows"), hashlib.md5(b"lost").hexdigest()
    folder = _keep(tmp_path, json.dumps([{"md5": rows, "relpath": "x/1.png"}]).encode(), ".dir")
    project = dvc.read(
        tmp_path,
        {
            "data/rows.csv.dvc": _pointer(rows, "rows.csv"),
            "images.dvc": _pointer(folder, "images"),
            "lost.dvc": _pointer(lost, "lost"),
            "deep/moved.dvc": {"wdir": "..", **_pointer(rows, "moved.csv")},
        },
        {},
        {},
    )
    assert [(out.path, out.is_folder, len(out.files), len(out.missing)) for out in project.outs] == [
        ("data/rows.csv", False, 1, 0),
        ("images", True, 1, 0),
        ("lost", False, 1, 1),
        ("moved.csv", False, 1, 0),
    ]
    assert (project.outs[0].size, project.outs[0].stage, project.unmapped) == (4, "", ())


def test_damage_is_found_when_looked_for(tmp_path: Path) -> None:
    md5 = _keep(tmp_path, b"rows")
    (out,) = dvc.read(tmp_path, {"x.dvc": _pointer(md5, "x")}, {}, {}).outs
    assert dvc.verified(out).damaged == ()
    assert out.files[0].cached is not None
    out.files[0].cached.write_bytes(b"rots")
    assert out.damaged == ()
    assert [each.md5 for each in dvc.verified(out).damaged] == [md5]


PIPELINE = {
    "stages": {
        "fit": {
            "cmd": ["python fit.py", "echo done"],
            "wdir": "src",
            "deps": ["fit.py", "../data/rows.csv"],
            "params": ["depth", {"more.yaml": ["a.b"], "all.yaml": None}],
            "outs": ["../model.bin", {"../side.bin": {"cache": False}}],
            "metrics": [{"scores.json": {"cache": False}}],
            "plots": ["curve.csv"],
        }
    }
}


def test_a_pipeline_with_its_lock(tmp_path: Path) -> None:
    model, scores = _keep(tmp_path, b"model"), hashlib.md5(b"scores").hexdigest()
    lock = {
        "schema": "2.0",
        "stages": {
            "fit": {
                "cmd": "x",
                "outs": [
                    {"path": "../model.bin", "hash": "md5", "md5": model, "size": 5},
                    {"path": "scores.json", "hash": "md5", "md5": scores, "size": 6},
                    {"path": "../side.bin", "md5": scores, "size": 6},
                ],
            }
        },
    }
    project = dvc.read(tmp_path, {}, {"dvc.yaml": PIPELINE}, {"dvc.lock": lock})
    assert project.stages == (
        Stage(
            name="fit",
            file="dvc.yaml",
            folder="src",
            commands=("python fit.py", "echo done"),
            deps=("src/fit.py", "data/rows.csv"),
            outs=("model.bin", "side.bin"),
            params=("src/params.yaml:depth", "src/more.yaml:a.b", "src/all.yaml:"),
            metrics=("src/scores.json",),
            plots=("src/curve.csv",),
        ),
    )
    assert [(out.path, out.stage, out.is_cached, bool(out.files)) for out in project.outs] == [
        ("model.bin", "fit", True, True),
        ("side.bin", "fit", False, False),
        ("src/scores.json", "fit", False, False),
        ("src/curve.csv", "fit", True, False),
    ]
    assert project.outs[3].problem == "it was never made: dvc.lock has no hash of it"
    assert project.unmapped == ()


def test_a_pipeline_below_the_root_and_a_lock_of_the_first_form(tmp_path: Path) -> None:
    md5 = _keep(tmp_path, b"model")
    lock = {"fit": {"outs": [{"path": "m.bin", "md5": md5}]}}
    pipeline = {"stages": {"fit": {"cmd": "x", "outs": ["m.bin"]}}}
    (out,) = dvc.read(tmp_path, {}, {"sub/dvc.yaml": pipeline}, {"sub/dvc.lock": lock}).outs
    assert (out.path, out.files[0].cached is not None, out.files[0].is_old) == ("sub/m.bin", True, True)


@pytest.mark.parametrize(
    ("stage", "said"),
    [
        ({"foreach": ["a"], "do": {"cmd": "x"}}, "`foreach`"),
        ({"cmd": "x", "matrix": {"a": [1]}}, "a matrix of stages"),
        ({"cmd": "x", "frozen": True}, "`frozen`"),
        ({"cmd": "x ${item}"}, "command with `${...}`"),
        ({"cmd": "x", "deps": ["s3://bucket/x"]}, "lies outside the project"),
        ({"cmd": "x", "deps": ["/abs"]}, "lies outside the project"),
        ({"cmd": "x", "deps": ["../../up"]}, "leaves the project"),
        ({"cmd": "x", "deps": ["${item}.csv"]}, "template"),
        ({"cmd": "x", "wdir": "../.."}, "leaves the project"),
        ({"deps": ["a"]}, "a stage without `cmd`"),
        ("x", "a stage without `cmd`"),
        ({"cmd": "x", "novelty": 1}, "`novelty`"),
    ],
)
def test_what_has_no_counterpart_in_a_stage(tmp_path: Path, stage: Any, said: str) -> None:
    project = dvc.read(tmp_path, {}, {"dvc.yaml": {"stages": {"s": stage}}}, {})
    assert [said in each.what for each in project.unmapped] == [True]
    assert project.unmapped[0].where == "dvc.yaml: s"


@pytest.mark.parametrize(
    ("pointer", "said"),
    [
        (None, "no list of `outs`"),
        ({"outs": {}}, "no list of `outs`"),
        ({"outs": ["x"]}, "another form"),
        ({"outs": [{"path": "x", "etag": "1"}]}, "no md5"),
        ({"outs": [{"path": "../../x", "md5": "0" * 32}]}, "leaves the project"),
        ({"outs": [], "deps": [{"path": "x", "repo": {"url": "git@host:x"}}]}, "an import from {'url': 'git@host:x'}"),
        ({"outs": [], "deps": [{"path": "https://host/x.csv", "etag": "1"}]}, "an import from https://host/x.csv"),
    ],
)
def test_what_has_no_counterpart_in_a_pointer(tmp_path: Path, pointer: Any, said: str) -> None:
    project = dvc.read(tmp_path, {"data/x.dvc": pointer}, {}, {})
    assert [said in each.what for each in project.unmapped] == [True]


@pytest.mark.parametrize("content", [None, [], {"stages": []}, {"stages": None}, {"vars": []}, {"plots": {}}])
def test_pipelines_of_another_form(tmp_path: Path, content: Any) -> None:
    locks: tuple[Any, ...] = (None, [], {"stages": []}, {"stages": {"s": []}}, {"s": {"outs": {}}})
    for lock in locks:
        assert dvc.read(tmp_path, {}, {"dvc.yaml": content}, {"dvc.lock": lock}).stages == ()


def test_hashes_that_are_none(tmp_path: Path) -> None:
    (out,) = dvc.read(tmp_path, {"x.dvc": _pointer("../../../etc/passwd", "x")}, {}, {}).outs
    assert (out.files, out.problem) == ((), "`../../../etc/passwd` is no md5")
