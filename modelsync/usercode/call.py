"""One call of a step's function: inputs from files, the function, outputs to files."""

from __future__ import annotations

import asyncio
import inspect
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from modelsync.core.artifacts import OutputType
from modelsync.core.errors import ModelSyncError, StepError
from modelsync.core.nearest import nearest
from modelsync.usercode import blame, builtins, codecs, load
from modelsync.usercode.codecs import Produced
from modelsync.usercode.outputs import spread


@dataclass(frozen=True, slots=True)
class Given:
    """An input as a file or folder on disk."""

    type: OutputType
    path: Path

    def to_json(self) -> dict[str, Any]:
        """Plain values, to travel between processes."""
        return {"type": str(self.type), "path": str(self.path)}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Given:
        """The input that `to_json` described."""
        return cls(OutputType(value["type"]), Path(value["path"]))


@dataclass(frozen=True, slots=True)
class Call:
    """Everything one run of a step's function needs, as references: it can travel to another process as JSON.

    `file` is the Python file inside the project `root`, or None for a built-in step. A list of inputs (the members of a
    matrix) is a tuple. `arguments` are the plain values of `with`. Outputs are written below `out`.
    """

    root: Path
    file: Path | None
    name: str
    label: str
    inputs: Mapping[str, Given | tuple[Given, ...]]
    arguments: Mapping[str, Any]
    outputs: Mapping[str, OutputType]
    out: Path

    @property
    def target(self) -> str:
        """The function as the spec writes it: `flows/credit.py:fit` or `builtin/split`."""
        if self.file is None:
            return f"builtin/{self.name}"
        return f"{blame.shown(self.root / self.file, self.root)}:{self.name}"

    def to_json(self) -> dict[str, Any]:
        """Plain values, to travel between processes."""
        inputs = {
            name: given.to_json() if isinstance(given, Given) else [each.to_json() for each in given]
            for name, given in self.inputs.items()
        }
        return {
            "root": str(self.root),
            "file": None if self.file is None else str(self.file),
            "name": self.name,
            "label": self.label,
            "inputs": inputs,
            "arguments": dict(self.arguments),
            "outputs": {name: str(type) for name, type in self.outputs.items()},
            "out": str(self.out),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Call:
        """The call that `to_json` described."""
        inputs: dict[str, Given | tuple[Given, ...]] = {
            name: tuple(Given.from_json(each) for each in given) if isinstance(given, list) else Given.from_json(given)
            for name, given in value["inputs"].items()
        }
        return cls(
            root=Path(value["root"]),
            file=None if value["file"] is None else Path(value["file"]),
            name=value["name"],
            label=value["label"],
            inputs=inputs,
            arguments=dict(value["arguments"]),
            outputs={name: OutputType(type) for name, type in value["outputs"].items()},
            out=Path(value["out"]),
        )


def execute(call: Call) -> dict[str, Produced]:
    """Run the function in this process and write what it returns; one `Produced` for each declared output.

    StepError when the file can't be imported, the function raises (with `file:line` of the user's own innermost frame),
    or what it returns does not fit the declared outputs.
    """
    function = _function(call)
    parameters = _parameters(function, call)
    as_paths = _path_parameters(function)
    seen: list[Any] = []
    values = dict(call.arguments)
    for name, given in call.inputs.items():
        values[name] = _open(given, name in as_paths, seen)
    _require_fit(call, parameters, values)
    if OutputType.MODEL in call.outputs.values():
        seen += [codecs.decode(each.type, each.path) for each in _tables_as_paths(call, as_paths)]
    returned = _run(call, function, parameters, values)
    parts = spread(returned, call.outputs, call.label)
    return {
        name: codecs.encode(value, call.outputs[name], call.out, name, label=call.label, seen=seen)
        for name, value in parts.items()
    }


def _function(call: Call) -> Callable[..., Any]:
    if call.file is not None:
        return load.function(call.root, call.file, call.name)
    if call.name not in builtins.BUILTINS:
        close = nearest(call.name, builtins.BUILTINS)
        way_out = f"is `builtin/{close}` meant?" if close else f"there are {', '.join(builtins.BUILTINS)}"
        raise StepError(f"there is no step `builtin/{call.name}`", help=way_out)
    return builtins.BUILTINS[call.name]


def _parameters(function: Callable[..., Any], call: Call) -> Mapping[str, inspect.Parameter]:
    try:
        return inspect.signature(function).parameters
    except ValueError as error:  # compiled functions may not tell
        said = f"`{call.target}` is no function written in Python"
        raise StepError(said, help="write one with `def` that calls it") from error


def _path_parameters(function: Callable[..., Any]) -> frozenset[str]:
    """The parameters annotated `Path`, also as `Path | None` or a list of paths."""
    try:
        hints = get_type_hints(function)
    except Exception:  # an annotation that does not evaluate (a name only for type checkers) is read as text
        raw = getattr(inspect.unwrap(function), "__annotations__", {})
        return frozenset(name for name, hint in raw.items() if hint is Path or str(hint).split(".")[-1] == "Path")
    return frozenset(name for name, hint in hints.items() if _means_path(hint))


def _means_path(hint: Any) -> bool:
    if get_origin(hint) in (Union, UnionType, list, tuple):
        return any(_means_path(each) for each in get_args(hint))
    return hint is Path


def _open(given: Given | tuple[Given, ...], as_path: bool, seen: list[Any]) -> Any:
    if isinstance(given, tuple):
        return [_open(each, as_path, seen) for each in given]
    if as_path:
        return given.path
    value = codecs.decode(given.type, given.path)
    if given.type is OutputType.TABLE:
        seen.append(value.copy(deep=False))  # the function may add columns to the one it gets
    return value


def _tables_as_paths(call: Call, as_paths: frozenset[str]) -> list[Given]:
    return [
        each
        for name, given in call.inputs.items()
        if name in as_paths
        for each in (given if isinstance(given, tuple) else (given,))
        if each.type is OutputType.TABLE
    ]


def _require_fit(call: Call, parameters: Mapping[str, inspect.Parameter], values: Mapping[str, Any]) -> None:
    """StepError when a value has no parameter or a parameter no value; the plan says so earlier when it can see it."""
    named = {name: each for name, each in parameters.items() if each.kind is not each.VAR_POSITIONAL}
    takes_any = any(each.kind is each.VAR_KEYWORD for each in named.values())
    named = {name: each for name, each in named.items() if each.kind is not each.VAR_KEYWORD}
    extra = [] if takes_any else [name for name in values if name not in named]
    missing = [name for name, each in named.items() if each.default is each.empty and name not in values]
    if extra:
        close = nearest(extra[0], named)
        way_out = f"is `{close}` meant?" if close else f"it takes {', '.join(named) or 'nothing'}"
        raise StepError(f"`{call.target}` has no parameter `{extra[0]}`", help=way_out)
    if missing:
        raise StepError(
            f"`{call.target}` needs a value for `{missing[0]}`", help=f"give `{missing[0]}` in `inputs` or `with`"
        )


def _run(
    call: Call, function: Callable[..., Any], parameters: Mapping[str, inspect.Parameter], values: dict[str, Any]
) -> Any:
    by_place = [
        values.pop(name) for name, each in parameters.items() if each.kind is each.POSITIONAL_ONLY and name in values
    ]
    os.environ.setdefault("MPLBACKEND", "agg")  # a step has no screen, and other threads may not open a window
    try:
        returned = function(*by_place, **values)
        return asyncio.run(_awaited(returned)) if inspect.isawaitable(returned) else returned
    except ModelSyncError:
        raise
    except (Exception, SystemExit) as error:
        raise blame.raised(call.target, error, call.root) from error


async def _awaited(value: Any) -> Any:
    return await value
