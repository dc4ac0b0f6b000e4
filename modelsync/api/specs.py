"""A spec before it is opened: found by name or place, and what the language must be told to read it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from modelsync.core.errors import UsageError
from modelsync.core.signature import Signature, SignatureFault
from modelsync.gates import catalogue
from modelsync.language.known import ExpectationShape, Known
from modelsync.usercode import builtins, signature

SPEC_NAME = "modelsync.yaml"


def find_spec(path: Path | None) -> Path:
    """The spec that is meant: the file, the one in a folder, or the only one of the project here."""
    if path is not None and not path.is_dir():
        return path
    found = specs_of(path or Path())
    if len(found) == 1:
        return found[0]
    names = ", ".join(str(spec) for spec in found)
    raise UsageError(f"there are several specs: {names}", help="name the one you mean")


def specs_of(folder: Path) -> list[Path]:
    """The specs of the project in a folder, at least one: the folder's own, or those in its `specs/`, by name."""
    own = folder / SPEC_NAME
    found = [own] if own.is_file() else sorted((folder / "specs").glob(f"*/{SPEC_NAME}"))
    if not found:
        raise UsageError(
            f"there is no {SPEC_NAME} in {folder.resolve()} nor in its specs/ folder",
            help="name the spec, or make a project with `modelsync init`",
        )
    return found


def known() -> Known:
    """What the language must be told, because it does not import it."""
    return Known(
        expectations={
            name: ExpectationShape(arguments, required)
            for name, (arguments, required) in catalogue.expectation_shapes().items()
        },
        drift_tests=catalogue.DRIFT_TESTS,
        metrics=catalogue.METRICS,
        fairness_metrics=catalogue.FAIRNESS_METRICS,
        builtins={f"builtin/{name}": found for name, found in builtins.signatures().items()},
        signature=signature.read,
        validator=cache(_validator),
    )


def _validator(name: str) -> Signature | SignatureFault | None:
    from modelsync.usercode import plugins  # reading what is installed takes time, and few specs need it

    return plugins.signature(name)
