"""`init`: a new project from the template that lies beside this module."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from modelsync.api.schemas import SCHEMA_NAME, is_schema, json_schema
from modelsync.core.errors import UsageError

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_FILES = {
    "modelsync.yaml.txt": "specs/{name}/modelsync.yaml",
    "flow.py.txt": "flows/{name}.py",
    "validator.py.txt": "validators/{name}_floor.py",
    "data.md.txt": "specs/{name}/data/README.md",
}
_IGNORE = (".modelsync/", "__pycache__/")


@dataclass(frozen=True, slots=True)
class Started:
    """The files of a new project, and the spec to run."""

    files: tuple[Path, ...]
    spec: Path


def init(folder: Path, name: str | None) -> Started:
    """Write a project into a folder; UsageError, before anything is written, when a file of it is there already."""
    chosen = name or _name_of(folder)
    if not _NAME.fullmatch(chosen):
        raise UsageError(
            f"`{chosen}` can't name a project",
            help="lower case letters, digits and _, a letter first, such as churn; give one with --name",
        )
    wanted = {folder / target.format(name=chosen): source for source, target in _FILES.items()}
    table = folder / f"specs/{chosen}/data/tumours.csv"
    schema = folder / "specs" / SCHEMA_NAME
    taken = [path for path in (*wanted, table) if path.exists()]
    taken += [schema] if schema.exists() and not is_schema(schema) else []
    if taken:
        raise UsageError(f"{taken[0]} exists already", help="choose another folder, or another --name")
    template = resources.files("modelsync.api") / "template"
    for path, source in wanted.items():
        text = (template / source).read_text(encoding="utf-8").replace("__NAME__", chosen)
        _write(path, text)
    _write(table, _tumours())
    made = [*wanted, table]
    if not schema.exists() or schema.read_text(encoding="utf-8") != json_schema():
        _write(schema, json_schema())  # one for all specs of a project; of another version it is brought up to date
        made.append(schema)
    ignore = folder / ".gitignore"
    before = ignore.read_text(encoding="utf-8") if ignore.exists() else ""
    missing = [line for line in _IGNORE if line not in before.splitlines()]
    if missing:
        _write(ignore, "\n".join([*before.splitlines(), *missing, ""]))
        made.append(ignore)
    return Started(tuple(made), folder / f"specs/{chosen}/modelsync.yaml")


def _name_of(folder: Path) -> str:
    return re.sub(r"[^a-z0-9_]+", "_", folder.resolve().name.lower()).strip("_") or "project"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _tumours() -> str:
    """The Wisconsin breast cancer table that scikit-learn brings, as CSV."""
    from sklearn.datasets import load_breast_cancer

    data = load_breast_cancer(as_frame=True)
    frame = data.frame.rename(columns=lambda column: column.replace(" ", "_"))
    frame["diagnosis"] = frame.pop("target").map(lambda number: str(data.target_names[number]))
    frame.insert(0, "tumour", range(1, len(frame) + 1))
    return str(frame.to_csv(index=False, lineterminator="\n"))
