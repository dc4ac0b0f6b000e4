"""The reference side of drift gates: described once, kept beside what it describes, and taken from there ever after."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from modelsync.core.artifacts import Artifact, OutputType
from modelsync.core.checks import Report
from modelsync.core.clock import now, stamp
from modelsync.core.digest import Digest, of_value
from modelsync.data import tables
from modelsync.engine.context import Run
from modelsync.gates import profile as profiles
from modelsync.gates.profile import Profile, ProfileError
from modelsync.language.model import Gate
from modelsync.registry import facts
from modelsync.registry.records import ProfileRecord

Columns = Mapping[str, Mapping[str, Any]]
"""What the contract says of each column, as in a question."""

KINDS = ("drift", "target_drift")
"""Gates that compare columns; what a model says of a table is no column of it."""


def takes(run: Run, gate: Gate, reference: Artifact, columns: Columns) -> bool:
    """Whether a gate compares with a profile: not when evidently draws the table itself, nor with a table that
    somebody put in the place of a stored one, of which nothing is kept.
    """
    if gate.kind not in KINDS or reference.type is not OutputType.TABLE or gate.report is Report.EVIDENTLY:
        return False
    return key_of(reference, columns) in run.world.state.profiles or run.workspace.store.has(reference.digest)


def of(run: Run, reference: Artifact, columns: Columns) -> Profile:
    """The profile of a stored table under a contract: the one that is kept, or a new one, which is kept from then on.

    With a kept one the table itself need not be there any more.
    """
    key = key_of(reference, columns)
    kept = run.world.state.profiles.get(key)
    if kept is not None and run.workspace.store.has(kept.profile):
        try:
            return Profile.from_json(json.loads(run.workspace.store.read_bytes(Digest(kept.profile))))
        except (ProfileError, ValueError):
            pass  # of another form, or not to be read: made anew from the table
    made = Profile.of_table(tables.load(run.path(reference)), columns)
    stored = run.workspace.store.put_bytes(json.dumps(made.to_json()).encode())
    record = ProfileRecord(table=reference.digest, key=key, profile=stored.digest, at=stamp(now()))
    with run.writing:
        facts.profile_made(run.workspace.journal, record)
    return made


def key_of(reference: Artifact, columns: Columns) -> str:
    """What decides a profile: the bytes, and of the contract how each column is to be read."""
    types = {name: column.get("type") for name, column in columns.items()}
    return of_value({"version": profiles.VERSION, "of": reference.digest, "types": types})
