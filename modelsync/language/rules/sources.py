"""The file, folder or files that a dataset names are there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from modelsync.core.diagnostics import Diagnostic
from modelsync.language.mends import slip
from modelsync.language.model import Dataset, SourceKind
from modelsync.language.paths import meant
from modelsync.language.subject import Subject
from modelsync.language.text.nodes import Scalar

CODE = "MS205"


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Each source on this machine that is not there."""
    for dataset in subject.spec.datasets.values():
        if dataset.path is not None and not _is_there(subject, dataset, dataset.path):
            yield _missing(subject, dataset, dataset.path)


def _is_there(subject: Subject, dataset: Dataset, path: Path) -> bool:
    match dataset.kind:
        case SourceKind.GLOB:
            if "**" in dataset.source:  # looking through all folders may take long; a bad pattern is seen at once
                return all("**" not in part or part == "**" for part in dataset.source.split("/"))
            return any(subject.spec.root.glob(dataset.source))
        case SourceKind.FOLDER:
            return path.exists()
    return path.is_file()


def _missing(subject: Subject, dataset: Dataset, path: Path) -> Diagnostic:
    if dataset.kind is SourceKind.GLOB:
        message = f"the source of dataset `{dataset.name}` matches no file: `{dataset.source}`"
        return Diagnostic(CODE, dataset.source_at, message, f"paths start at the root, `{subject.spec.root.name}/`")
    near = meant(subject.spec.root, dataset.source)
    help = f"did you mean `{near}`?" if near else f"paths start at the root, `{subject.spec.root.name}/`"
    what = "folder" if dataset.kind is SourceKind.FOLDER else "file"
    message = f"the source of dataset `{dataset.name}` is not a {what}: `{dataset.source}`"
    node = subject.context.nodes["datasets", dataset.name].get("source")
    is_literal = isinstance(node, Scalar) and node.text == dataset.source  # a mend would take away what is put in
    fix = slip(dataset.source_at, dataset.source, near) if near and is_literal else None
    return Diagnostic(CODE, dataset.source_at, message, help, fix=fix)
