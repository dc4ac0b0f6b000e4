"""One question to a team's own check: its function found, given what it names, and what it returns understood."""

from __future__ import annotations

import asyncio
import inspect
import os
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from modelsync.core import findings
from modelsync.core.artifacts import OutputType
from modelsync.core.errors import ModelSyncError, StepError
from modelsync.core.findings import Finding, FindingError
from modelsync.usercode import blame, codecs, load, plugins


@dataclass(frozen=True, slots=True)
class Examination:
    """A validator and everything it may be given, as references: it can travel to another process as JSON.

    `file` is the Python file inside the project `root`; None: `name` is that of an installed package's validator.
    `tables` and `models` lie at paths, by what the function calls them (`data`, `reference`, `model`, `champion`);
    `offers` are plain values of that kind (`label`, `positive`), `arguments` those of `with`.
    """

    root: Path
    file: Path | None
    name: str
    tables: Mapping[str, Path]
    models: Mapping[str, Path]
    offers: Mapping[str, Any]
    arguments: Mapping[str, Any]

    @property
    def label(self) -> str:
        """The function as the spec writes it: `validators/recall.py:check`, or the name of a package's validator."""
        return self.name if self.file is None else f"{blame.shown(self.root / self.file, self.root)}:{self.name}"

    def to_json(self) -> dict[str, Any]:
        """Plain values, to travel between processes."""
        return {
            "root": str(self.root),
            "file": None if self.file is None else str(self.file),
            "name": self.name,
            "tables": {name: str(path) for name, path in self.tables.items()},
            "models": {name: str(path) for name, path in self.models.items()},
            "offers": dict(self.offers),
            "arguments": dict(self.arguments),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Examination:
        """The examination that `to_json` described."""
        return cls(
            root=Path(value["root"]),
            file=None if value["file"] is None else Path(value["file"]),
            name=value["name"],
            tables={name: Path(path) for name, path in value["tables"].items()},
            models={name: Path(path) for name, path in value["models"].items()},
            offers=value["offers"],
            arguments=value["arguments"],
        )


def hear(asked: Examination) -> tuple[Finding, ...]:
    """Call the function in this process and understand what it returns.

    StepError when it can't be found, imported or called, when it raises (with `file:line` of the team's own innermost
    frame), and when it returns something that says nothing. Only tables and models that it names are read.
    """
    function: Callable[..., Any] | None = None
    try:
        function = plugins.load(asked.name) if asked.file is None else load.function(asked.root, asked.file, asked.name)
        return findings.read(asked.label, _returned(function, asked))
    except FindingError as error:
        raise StepError(str(error)) from error
    except ModelSyncError:
        raise
    except BaseException as error:  # this process is the function's own: whatever ends it here was raised by it
        raise blame.raised(asked.label, error, asked.root, _place(error, function)) from error


def _returned(function: Callable[..., Any], asked: Examination) -> Any:
    given = findings.arguments(function, asked.label, _offers(asked), asked.arguments)
    os.environ.setdefault("MPLBACKEND", "agg")  # nobody looks at a window here
    returned = function(**given)
    return asyncio.run(_awaited(returned)) if inspect.isawaitable(returned) else returned


def _offers(asked: Examination) -> dict[str, Callable[[], Any]]:
    tables = {name: partial(codecs.decode, OutputType.TABLE, path) for name, path in asked.tables.items()}
    models = {name: partial(codecs.decode, OutputType.MODEL, path) for name, path in asked.models.items()}
    plain = {name: partial(_itself, value) for name, value in asked.offers.items()}
    nothing = {name: partial(_itself, None) for name in findings.OFFERS}
    return {**nothing, **tables, **models, **plain}


def _itself(value: Any) -> Any:
    return value


def _place(error: BaseException, function: Callable[..., Any] | None) -> str:
    """The innermost line of the package that brought the function."""
    package = str(getattr(function, "__module__", "")).split(".")[0]
    frames = [
        (frame.f_code.co_filename, line)
        for frame, line in traceback.walk_tb(error.__traceback__)
        if package and str(frame.f_globals.get("__name__", "")).split(".")[0] == package
    ]
    return f"{Path(frames[-1][0]).name}:{frames[-1][1]}" if frames else ""


async def _awaited(value: Any) -> Any:
    return await value
