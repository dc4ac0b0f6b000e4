"""The file a dataset names is there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from modelsync.core.diagnostics import Diagnostic
from modelsync.core.nearest import nearest
from modelsync.language.subject import Subject

CODE = "MS205"


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Each source that is no file."""
    for dataset in subject.spec.datasets.values():
        if dataset.path.is_file():
            continue
        near = nearest(dataset.path.name, _beside(dataset.path))
        shown = dataset.source.removesuffix(dataset.path.name)
        help = f"did you mean `{shown}{near}`?" if near else f"paths start at the root, `{subject.spec.root.name}/`"
        message = f"the source of dataset `{dataset.name}` is not a file: `{dataset.source}`"
        yield Diagnostic(CODE, dataset.source_at, message, help)


def _beside(path: Path) -> list[str]:
    """The names in the folder where the file should be; none when the folder can't be listed."""
    try:
        return [each.name for each in path.parent.iterdir()]
    except OSError:
        return []
