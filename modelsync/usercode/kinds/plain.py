"""Metrics, JSON and text: plain values in small readable files."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from modelsync.core.errors import StepError
from modelsync.usercode.kinds.paths import replace, said


def write_metrics(value: Any, stem: Path) -> tuple[Path, dict[str, Any]]:
    """A flat mapping of names to finite numbers as `<stem>.json`; the facts are the numbers."""
    if not isinstance(value, Mapping):
        raise StepError(f"{said(value)} was returned", help='return a mapping such as {"roc_auc": 0.91}')
    numbers = {_metric_name(name): _number(name, number) for name, number in value.items()}
    return _write_json(numbers, stem), dict(sorted(numbers.items()))


def write_json(value: Any, stem: Path) -> tuple[Path, dict[str, Any]]:
    """Maps with text keys, lists, text, finite numbers, booleans and None, at any depth, as `<stem>.json`."""
    return _write_json(_plain(value, "$"), stem), {}


def write_text(value: Any, stem: Path) -> tuple[Path, dict[str, Any]]:
    """Text as `<stem>.txt` in UTF-8, line ends as they are."""
    if not isinstance(value, str):
        raise StepError(f"{said(value)} was returned", help="return text; for bytes declare the output as `file`")
    data = _utf8(value)
    path = replace(stem.with_name(stem.name + ".txt"), lambda partial: partial.write_bytes(data))
    return path, {"characters": len(value)}


def read_json(path: Path) -> Any:
    """The plain value in a JSON file."""
    return json.loads(path.read_text(encoding="utf-8"))


def read_text(path: Path) -> str:
    """The text of a file, line ends as they are."""
    return path.read_bytes().decode("utf-8")


def _write_json(value: Any, stem: Path) -> Path:
    data = _utf8(json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n")
    return replace(stem.with_name(stem.name + ".json"), lambda partial: partial.write_bytes(data))


def _utf8(text: str) -> bytes:
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        where = f"character {error.start + 1} is half a character and can't be stored"
        raise StepError(where, help="decode the text with errors='replace' where it comes in") from error


def _metric_name(name: Any) -> str:
    if not isinstance(name, str) or not name:
        raise StepError(f"a metric is named {name!r}", help="name every metric by text")
    return name


def _number(name: str, value: Any) -> int | float:
    number = _scalar(value)
    if isinstance(number, bool):
        raise StepError(f"metric `{name}` is a bool", help="give 1.0 or 0.0")
    if isinstance(number, Mapping):
        raise StepError(
            f"metric `{name}` is a mapping", help=f"metrics are flat; name its numbers, such as `{name}_mean`"
        )
    if not isinstance(number, int | float):
        raise StepError(f"metric `{name}` is {said(value)}", help="give a number")
    if not math.isfinite(number):
        raise StepError(f"metric `{name}` is {number}", help="leave it out, or compute it only where it is defined")
    return number


def _scalar(value: Any) -> Any:
    """A NumPy scalar or an array without dimensions as the Python value inside it."""
    return value.item() if hasattr(value, "item") and getattr(value, "ndim", None) == 0 else value


def _plain(value: Any, where: str) -> Any:
    value = _scalar(value)
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            raise StepError(f"`{where}` is {value}", help="JSON has no such number; give None")
        return value
    if isinstance(value, Mapping):
        for key in value:
            if not isinstance(key, str):
                raise StepError(f"`{where}` has the key {key!r}", help="JSON keys are text; convert it with str()")
        return {key: _plain(item, f"{where}.{key}") for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item, f"{where}[{index}]") for index, item in enumerate(value)]
    if hasattr(value, "tolist"):  # arrays of NumPy and columns of pandas
        return _plain(value.tolist(), where)
    raise StepError(f"`{where}` is {said(value)}", help="use maps, lists, text, numbers, booleans and None")
