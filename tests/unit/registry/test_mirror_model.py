from __future__ import annotations

import json
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from modelsync.registry.mirror import import_mlflow
from modelsync.registry.mirror_model import NotLoadableError, lay_out

pytestmark = [
    pytest.mark.slow,
    # MLflow's own classes carry hints that it warns of when its loader is imported.
    pytest.mark.filterwarnings("ignore:.*Any type hint is inferred as AnyType:UserWarning"),
]

LOGGED: Any = SimpleNamespace(model_id="m-1", source_run_id="run-1", artifact_location="file:///nowhere")


@pytest.fixture(autouse=True)
def _mlflow() -> None:
    import_mlflow()


def test_the_bytes_are_the_stored_ones_and_mlflow_loads_them(tmp_path: Path, model_folder: Path) -> None:
    import mlflow
    import pandas as pd

    target = tmp_path / "laid"
    lay_out(model_folder, target, LOGGED, ())
    assert (target / "model.skops").read_bytes() == (model_folder / "model.skops").read_bytes()
    loaded = mlflow.pyfunc.load_model(str(target))
    rows = pd.DataFrame({"age": [20, 50], "income": [1.0, 4.0]})
    assert list(loaded.predict(rows)) == ["bad", "good"]
    assert loaded.metadata.signature.inputs.input_names() == ["age", "income"]
    assert [str(column) for column in loaded.metadata.signature.inputs.input_types()] == [
        "DataType.long",
        "DataType.double",
    ]
    assert loaded.input_example.to_dict("records") == [{"age": 20, "income": 1.0}]
    assert json.loads(loaded.metadata.get_serving_input(str(target)))["dataframe_split"]["data"] == [[20, 1.0]]


def test_types_that_skops_does_not_trust_are_named_unless_they_are_trusted_by_name(
    tmp_path: Path, forest_folder: Path
) -> None:
    import mlflow
    import skops.io

    needed = tuple(skops.io.get_untrusted_types(file=forest_folder / "model.skops"))
    assert needed
    with pytest.raises(NotLoadableError, match=needed[0]):
        lay_out(forest_folder, tmp_path / "refused", LOGGED, ())
    assert not (tmp_path / "refused").exists()
    lay_out(forest_folder, tmp_path / "laid", LOGGED, (*needed, "another.Type"))
    loaded = mlflow.sklearn.load_model(str(tmp_path / "laid"))
    assert type(loaded).__name__ == "RandomForestClassifier"
    assert "another.Type" not in (tmp_path / "laid" / "MLmodel").read_text()


@pytest.mark.parametrize("how", ["no facts", "no JSON", "other format", "no model", "list"])
def test_what_is_no_skops_model_is_told(tmp_path: Path, model_folder: Path, how: str) -> None:
    kept = tmp_path / "kept"
    shutil.copytree(model_folder, kept)
    match how:
        case "no facts":
            (kept / "model.json").unlink()
        case "no JSON":
            (kept / "model.json").write_text("{")
        case "other format":
            (kept / "model.json").write_text('{"format": "onnx"}')
        case "list":
            (kept / "model.json").write_text("[]")
        case "no model":
            (kept / "model.skops").unlink()
    with pytest.raises(NotLoadableError, match="not in the skops format"):
        lay_out(kept, tmp_path / "laid", LOGGED, ())


def test_a_model_with_only_what_must_be_is_laid_out(tmp_path: Path, model_folder: Path) -> None:
    import mlflow

    kept = tmp_path / "kept"
    shutil.copytree(model_folder, kept)
    (kept / "model.json").write_text('{"format": "skops"}')
    (kept / "extra").mkdir()
    lay_out(kept, tmp_path / "laid", LOGGED, ())
    loaded = mlflow.pyfunc.load_model(str(tmp_path / "laid"))
    assert loaded.metadata.signature is None
    assert loaded.metadata.saved_input_example_info is None
