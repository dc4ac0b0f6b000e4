"""What the verbs of `modelsync dataset` say as JSON: stable names, plain values, nothing renamed or removed later."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from modelsync.api.datasets.diffing import Difference
from modelsync.api.datasets.looking import Told
from modelsync.registry.records import DatasetVersion

VERSION = 1  # of the documents


def listing(found: Sequence[DatasetVersion]) -> str:
    """Versions without their columns."""
    return _text({"versions": [_head(version) for version in found]})


def one(told: Told) -> str:
    """One version with its columns and their statistics."""
    return _text(_head(told.version) | {"by": told.author, "run": told.run, "columns": told.version.columns})


def history(found: Sequence[Told]) -> str:
    """Versions with who made them and why."""
    return _text({"versions": [_head(each.version) | {"by": each.author, "run": each.run} for each in found]})


def difference(found: Difference) -> str:
    """Two versions held against each other; rows are examples, counts are exact."""
    rows = None if found.rows is None else asdict(found.rows) | {"unchanged": found.rows.unchanged}
    return _text(
        {
            "before": _head(found.before),
            "after": _head(found.after),
            "same": found.is_same,
            "schema": None if found.schema is None else asdict(found.schema),
            "rows": rows,
            "files": None if found.files is None else asdict(found.files),
        }
    )


def _head(version: DatasetVersion) -> dict[str, Any]:
    return {
        "dataset": version.dataset,
        "version": str(version.version),
        "sha256": version.digest,
        "form": version.form,
        "size": version.size,
        "rows": version.rows,
        "tags": list(version.tags),
        "source": version.source,
        "rule": version.rule,
        "evidence": version.evidence,
        "git": version.git,
        "at": version.at,
        "described": version.described,
    }


def _text(value: dict[str, Any]) -> str:
    return json.dumps({"format": VERSION, **value}, indent=2, default=str, ensure_ascii=False)
