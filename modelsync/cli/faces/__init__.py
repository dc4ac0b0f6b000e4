"""The faces of a check: one kind of output, one module with `face(report)`, and this table."""

from __future__ import annotations

from collections.abc import Mapping

# What --format takes -> the module. Its `face` turns a Report into the whole output, without the last line end. A
# module is imported only when it is asked for.
FACES: Mapping[str, str] = {"text": "text", "json": "json", "sarif": "sarif", "github": "github"}
