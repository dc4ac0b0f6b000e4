"""A stored model laid out as MLflow wants it: the same bytes with signature and example; nothing is loaded."""

from __future__ import annotations

import json
import platform
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mlflow.entities import LoggedModel
    from mlflow.types import Schema

_MODEL, _FACTS = "model.skops", "model.json"
_EXAMPLE, _SERVING_EXAMPLE = "input_example.json", "serving_input_example.json"
_REQUIREMENTS = "requirements.txt"
_TYPES = {"int": "long", "float": "double", "bool": "boolean", "string": "string", "datetime": "datetime"}


class NotLoadableError(Exception):
    """Why MLflow could not load the model; its files can still be kept."""


def lay_out(kept: Path, target: Path, logged: LoggedModel, trusted: tuple[str, ...]) -> None:
    """Write the folder of an MLflow model for a stored model (`model.skops` and `model.json`).

    MLflow loads it by skops, which refuses every type that it does not know and that is not in `trusted`;
    NotLoadableError when the model holds such a type or is of another form.
    """
    from mlflow.models import Model, ModelSignature

    about = _about(kept)
    needed = _needed_types(kept / _MODEL, trusted)
    target.mkdir(parents=True)
    for path in kept.iterdir():
        if path.is_file():
            shutil.copyfile(path, target / path.name)
    signature = about.get("signature") or {}
    model = Model(model_uuid=logged.model_id, run_id=logged.source_run_id, model_id=logged.model_id)
    model.artifact_path = logged.artifact_location
    if signature.get("inputs"):
        model.signature = ModelSignature(_schema(signature["inputs"]), _schema(signature.get("outputs") or []))
    _write_environment(target, about.get("libraries") or {})
    _add_flavors(model, about, needed)
    _write_example(model, target, about.get("example"))
    model.model_size_bytes = sum(path.stat().st_size for path in target.iterdir())
    model.save(str(target / "MLmodel"))


def _about(kept: Path) -> dict[str, Any]:
    try:
        about = json.loads((kept / _FACTS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        about = None
    if not isinstance(about, dict) or about.get("format") != "skops" or not (kept / _MODEL).is_file():
        raise NotLoadableError("it is not in the skops format")
    return about


def _needed_types(archive: Path, trusted: tuple[str, ...]) -> list[str]:
    """The types that MLflow must be told to trust; only the archive's table of contents is read."""
    import skops.io

    needed: list[str] = sorted(set(skops.io.get_untrusted_types(file=archive)))
    unknown = [name for name in needed if name not in trusted]
    if unknown:
        raise NotLoadableError(f"it holds types that skops does not trust: {', '.join(unknown)}")
    return needed


def _schema(columns: list[dict[str, Any]]) -> Schema:
    from mlflow.types import ColSpec, Schema

    return Schema([ColSpec(_TYPES.get(column["type"], "string"), column.get("name")) for column in columns])


def _write_environment(target: Path, libraries: dict[str, str]) -> None:
    """What MLflow installs where it serves the model. Its YAML file is written as JSON, which is YAML."""
    pinned = sorted(libraries.items())
    (target / _REQUIREMENTS).write_text("".join(f"{name}=={version}\n" for name, version in pinned), encoding="utf-8")
    python = platform.python_version()
    dependencies = {"python": python, "build_dependencies": ["pip"], "dependencies": [f"-r {_REQUIREMENTS}"]}
    (target / "python_env.yaml").write_text(json.dumps(dependencies), encoding="utf-8")


def _add_flavors(model: Any, about: dict[str, Any], needed: list[str]) -> None:
    model.add_flavor(  # as mlflow.pyfunc.add_to_model does, without the two seconds that importing it takes
        "python_function",
        loader_module="mlflow.sklearn",
        model_path=_MODEL,
        predict_fn="predict",
        python_version=platform.python_version(),
        env={"virtualenv": "python_env.yaml"},
    )
    model.add_flavor(
        "sklearn",
        pickled_model=_MODEL,  # MLflow's word for the file, whatever its format
        sklearn_version=(about.get("libraries") or {}).get("scikit-learn", ""),
        serialization_format="skops",
        code=None,
        skops_trusted_types=needed or None,
    )


def _write_example(model: Any, target: Path, example: dict[str, Any] | None) -> None:
    if not example:
        return
    rows = {"columns": list(example), "data": [list(example.values())]}
    (target / _EXAMPLE).write_text(json.dumps(rows), encoding="utf-8")
    (target / _SERVING_EXAMPLE).write_text(json.dumps({"dataframe_split": rows}), encoding="utf-8")
    model.saved_input_example_info = {
        "artifact_path": _EXAMPLE,
        "type": "dataframe",
        "pandas_orient": "split",
        "serving_input_path": _SERVING_EXAMPLE,
    }
