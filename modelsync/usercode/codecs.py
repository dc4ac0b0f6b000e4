"""How an object becomes a file and a file an object: one row of a table for each output type."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from modelsync.core.artifacts import OutputType
from modelsync.core.errors import DamageError, StepError, SurroundingsError
from modelsync.usercode import models
from modelsync.usercode.kinds import paths, plain, plots, tables

if TYPE_CHECKING:
    import pandas as pd


Seen = Sequence["pd.DataFrame"]
Written = tuple[Path, dict[str, Any]]  # where it lies, and the facts


@dataclass(frozen=True, slots=True)
class Produced:
    """An output as it lies on disk, not yet in the store: its path, its type and what is worth knowing of it."""

    path: Path
    type: OutputType
    facts: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Plain values, to travel between processes."""
        return {"path": str(self.path), "type": str(self.type), "facts": self.facts}

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Produced:
        """The output that `to_json` described."""
        return cls(Path(value["path"]), OutputType(value["type"]), dict(value["facts"]))


def encode(value: Any, type: OutputType, out: Path, name: str, *, label: str, seen: Seen = ()) -> Produced:
    """Write `value` as `out/<name>[.ext]`; `seen` are the tables of the step, which give a model's card its types.

    Facts: `rows` and `columns` of a table, the numbers of metrics, the card of a model. StepError, naming the output
    and the step `label`, when the object does not fit the declared type.
    """
    try:
        path, facts = _WRITERS[type](value, out / name, seen)
    except OSError as error:
        said = f"output `{name}` of `{label}` can't be written: {error}"
        raise SurroundingsError(said, help="make room on the disk and let this user write there") from error
    except StepError as error:
        said = f"output `{name}` of `{label}` is declared `{type}`, but {error.message}"
        raise StepError(said, help=error.help) from error
    return Produced(path, type, facts)


def decode(type: OutputType, path: Path) -> Any:
    """The object in a file: a DataFrame, a model, plain values, text; for plots, files and folders the path itself.

    DamageError when the file is not there or holds something else.
    """
    try:
        return _READERS[type](path)
    except (OSError, ValueError) as error:  # pyarrow and json raise kinds of these for bytes they don't understand
        said = f"`{path}` can't be read as {type}: {error}"
        raise DamageError(said, help="run the step that made it again, or fetch it from a remote") from error


def _write_model(model: Any, stem: Path, seen: Seen) -> Written:
    cards: list[models.ModelCard] = []
    path = paths.replace(stem, lambda partial: cards.append(models.save_model(model, partial, seen)))
    return path, cards[0].to_json()


def _read_model(path: Path) -> Any:
    return models.load_model(path).model


def _itself(path: Path) -> Path:
    return path


def _unaided(write: Callable[[Any, Path], Written]) -> Callable[[Any, Path, Seen], Written]:
    """A writer that needs nothing but the object itself."""
    return lambda value, stem, seen: write(value, stem)


_WRITERS: dict[OutputType, Callable[[Any, Path, Seen], Written]] = {
    OutputType.TABLE: _unaided(tables.write),
    OutputType.MODEL: _write_model,
    OutputType.METRICS: _unaided(plain.write_metrics),
    OutputType.JSON: _unaided(plain.write_json),
    OutputType.PLOT: _unaided(plots.write),
    OutputType.TEXT: _unaided(plain.write_text),
    OutputType.FILE: _unaided(paths.write_file),
    OutputType.FOLDER: _unaided(paths.write_folder),
}
_READERS: dict[OutputType, Callable[[Path], Any]] = {
    OutputType.TABLE: tables.read,
    OutputType.MODEL: _read_model,
    OutputType.METRICS: plain.read_json,
    OutputType.JSON: plain.read_json,
    OutputType.PLOT: _itself,
    OutputType.TEXT: plain.read_text,
    OutputType.FILE: _itself,
    OutputType.FOLDER: _itself,
}
