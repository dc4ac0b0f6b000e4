"""A fitted model as a folder: the model in a format that runs no code when read, and a card that describes it."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from modelsync.core.errors import DamageError, StepError
from modelsync.usercode import archive, blame

if TYPE_CHECKING:
    import pandas as pd

MODEL_FILE = "model.skops"
CARD_FILE = "model.json"


@dataclass(frozen=True, slots=True)
class Field:
    """One named value that a model takes or gives: int, float, bool, string, datetime or unknown."""

    name: str
    type: str


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What is known of a model without loading it."""

    format: str
    framework: str
    task: str  # classification | regression | other
    classes: list[Any] | None
    inputs: tuple[Field, ...]
    outputs: tuple[Field, ...]
    example: dict[str, Any]
    libraries: dict[str, str]

    def to_json(self) -> dict[str, Any]:
        """The content of `model.json`."""
        plain = asdict(self)
        plain["signature"] = {"inputs": plain.pop("inputs"), "outputs": plain.pop("outputs")}
        plain["signature"] = {side: list(fields) for side, fields in plain["signature"].items()}
        return plain

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> ModelCard:
        """The card that `to_json` described."""
        rest: dict[str, Any] = {key: item for key, item in value.items() if key != "signature"}
        for side in ("inputs", "outputs"):
            rest[side] = tuple(Field(**field) for field in value["signature"][side])
        return cls(**rest)


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """A model ready to predict, with its card."""

    model: Any
    card: ModelCard


def save_model(model: Any, folder: Path, tables: Sequence[pd.DataFrame] = ()) -> ModelCard:
    """Write a fitted scikit-learn model into the new or empty `folder` and return its card.

    `tables` are those the step has seen; the first that has all of the model's columns gives their types and the
    example. The same model always gives the same bytes. StepError for what is not a fitted scikit-learn model or
    holds types that would not be trusted when it is read.
    """
    _require_fitted(model)
    data = _pack(model)
    card = _card(model, tables)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MODEL_FILE).write_bytes(data)
    text = json.dumps(card.to_json(), indent=2, ensure_ascii=False, allow_nan=False)
    (folder / CARD_FILE).write_text(text + "\n", encoding="utf-8")
    return card


def read_card(folder: Path) -> ModelCard:
    """The card of a saved model, without loading the model; DamageError when there is none."""
    try:
        return ModelCard.from_json(json.loads((folder / CARD_FILE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        way_out = "run the step that made it again, or fetch the version from a remote"
        raise DamageError(f"`{folder}` holds no model that ModelSync wrote: {error}", help=way_out) from error


def load_model(folder: Path) -> LoadedModel:
    """A saved model and its card; DamageError when the folder is not whole or holds what is not trusted."""
    card = read_card(folder)
    return LoadedModel(archive.unpack(folder / MODEL_FILE), card)


def _require_fitted(model: Any) -> None:
    from sklearn.base import BaseEstimator
    from sklearn.exceptions import NotFittedError
    from sklearn.utils.validation import check_is_fitted

    if not isinstance(model, BaseEstimator):
        raise StepError(
            f"{_type_name(type(model))} is not a scikit-learn model",
            help="return a fitted estimator or pipeline, or declare the output as `folder` and write it there",
        )
    try:
        check_is_fitted(model)
    except NotFittedError as error:
        raise StepError(
            f"the {type(model).__name__} is not fitted", help="call its fit() before returning it"
        ) from error


def _pack(model: Any) -> bytes:
    way_out = (
        "build it from scikit-learn's own types (a column rule as ColumnTransformer, a formula as a step of its own), "
        "or declare the output as `folder` and write it there"
    )
    try:
        data = archive.pack(model)
        unknown = archive.untrusted(data)
    except Exception as error:  # skops raises whatever the object's own state methods raise
        raise StepError(f"the model can't be written safely: {blame.sentence(error)}", help=way_out) from error
    if unknown:
        named = ", ".join(f"`{_public(name)}`" for name in unknown)
        raise StepError(
            f"the model holds types that are not safe to load again: {named}", help=_advice(unknown, way_out)
        )
    return data


def _advice(unknown: list[str], way_out: str) -> str:
    if any("_kd_tree" in name or "_ball_tree" in name for name in unknown):
        return 'give the neighbours model algorithm="brute", which needs no compiled search tree'
    return way_out


def _public(name: str) -> str:
    """A type's name without the private package of the project it was loaded from."""
    return name.split(".", 1)[1] if name.startswith(blame.PRIVATE) else name


def _card(model: Any, tables: Sequence[pd.DataFrame]) -> ModelCard:
    names = [str(name) for name in getattr(model, "feature_names_in_", ())]
    table = next((each for each in tables if names and set(names) <= set(each.columns)), None)
    if table is not None:
        inputs = tuple(Field(name, kind(table[name])) for name in names)
    elif names:
        inputs = tuple(Field(name, "unknown") for name in names)
    else:
        inputs = tuple(Field(f"x{index}", "float") for index in range(getattr(model, "n_features_in_", 0)))
    classes = getattr(model, "classes_", None)
    listed = [_plain(each) for each in classes] if classes is not None and getattr(classes, "ndim", 0) == 1 else None
    return ModelCard(
        format="skops",
        framework="scikit-learn",
        task=_task(model),
        classes=listed,
        inputs=inputs,
        outputs=_outputs(model, listed),
        example=_example(table[names]) if table is not None else {},
        libraries={name: version(name) for name in ("scikit-learn", "skops", "numpy")},
    )


def _task(model: Any) -> str:
    from sklearn.base import is_classifier, is_regressor

    if is_classifier(model):
        return "classification"
    return "regression" if is_regressor(model) else "other"


def _outputs(model: Any, classes: list[Any] | None) -> tuple[Field, ...]:
    if not hasattr(model, "predict"):
        return ()
    if classes is None:
        return (Field("prediction", "float" if _task(model) == "regression" else "int"),)
    prediction = Field("prediction", _kind_of_value(classes[0]) if classes else "unknown")
    return (prediction, Field("probability", "float")) if hasattr(model, "predict_proba") else (prediction,)


def kind(column: pd.Series[Any]) -> str:
    """The type of a column in words that a model's caller understands."""
    import pandas as pd

    dtype = column.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        return kind(pd.Series(dtype.categories))
    tests = {
        "bool": pd.api.types.is_bool_dtype,
        "int": pd.api.types.is_integer_dtype,
        "float": pd.api.types.is_float_dtype,
        "datetime": pd.api.types.is_datetime64_any_dtype,
        "string": pd.api.types.is_string_dtype,
    }
    return next((name for name, test in tests.items() if test(column)), "unknown")


def _example(table: pd.DataFrame) -> dict[str, Any]:
    """The first row without a gap, else the first row, as plain values."""
    whole = table.dropna()
    rows = whole if len(whole) else table
    if not len(rows):
        return {}
    return {str(name): _plain(rows[name].iloc[0]) for name in rows.columns}


def _plain(value: Any) -> Any:
    import pandas as pd

    if hasattr(value, "item"):
        value = value.item()
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and not math.isfinite(value)):
        return None
    return value if isinstance(value, bool | int | float | str) else str(value)


def _kind_of_value(value: Any) -> str:
    names = {bool: "bool", int: "int", float: "float", str: "string"}
    return names.get(type(value), "unknown")


def _type_name(kind: type) -> str:
    return _public(f"{kind.__module__}.{kind.__qualname__}").removeprefix("builtins.")
