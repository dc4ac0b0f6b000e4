"""`modelsync gate list`: the gates of a spec, and how each stands."""

from __future__ import annotations

from pathlib import Path

import click

from modelsync.cli.options import overrides, param_option
from modelsync.cli.printing import put
from modelsync.cli.tables import rows, when
from modelsync.language.model import Gate
from modelsync.registry.records import GateRecord


@click.command("list")
@click.option("--spec", type=click.Path(path_type=Path), help="The spec. Default: the one of the project here.")
@param_option
def command(spec: Path | None, params: tuple[str, ...]) -> None:
    """List the gates of a spec: what each looks at, and what it said last."""
    from modelsync.api.gating import last_of
    from modelsync.api.opening import open_spec
    from modelsync.engine.workspace import Workspace

    found, _ = open_spec(spec, overrides(params))
    last = last_of(Workspace(found.root))
    if not found.gates:
        put("the spec has no gates; `modelsync explain MS501` shows one")
        return
    body = [_row(gate, last.get(gate.name)) for gate in found.gates.values()]
    put("\n".join(rows(["GATE", "KIND", "ON", "SEVERITY", "CHECKS", "LAST", "AT"], body)))


def _row(gate: Gate, last: GateRecord | None) -> list[str]:
    asked = gate.uses.text if gate.uses is not None else str(len(gate.checks))
    said, at = ("never judged", "") if last is None else (str(last.verdict.outcome), when(last.at))
    return [gate.name, gate.kind, str(gate.target), str(gate.severity), asked, said, at]
