"""`modelsync model`: versions of models."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from modelsync.cli.options import project_option
from modelsync.cli.tables import rows, when
from modelsync.registry.records import ModelVersion


@click.group("model")
def command() -> None:
    """List and show versions of models."""


@command.command("list")
@project_option
@click.argument("name", required=False)
def list_(folder: Path | None, name: str | None) -> None:
    """List every version of every model, or of NAME, the newest first."""
    from modelsync.api.projects import find_workspace
    from modelsync.api.showing import model, stages_of

    workspace = find_workspace(folder)
    state = workspace.state()
    if name is not None:
        model(workspace, name)  # says which names there are, when it is none of them
    found = [v for model_, versions in state.models.items() if name in (None, model_) for v in reversed(versions)]
    if not found:
        click.echo("no model is registered yet; `modelsync run` registers them")
        return
    body = [
        [
            version.model,
            str(version.version),
            ", ".join(stages_of(state, version.model, version.version)),
            ", ".join(f"{metric} {value:.4g}" for metric, value in list(version.metrics.items())[:3]),
            version.rule,
            when(version.at),
        ]
        for version in found
    ]
    click.echo("\n".join(rows(["MODEL", "VERSION", "STAGES", "METRICS", "RULE", "AT"], body)))


@command.command("show")
@project_option
@click.argument("name", metavar="NAME[@VERSION|@STAGE]")
def show(folder: Path | None, name: str) -> None:
    """Show one version: how it was made, why it has its number, what was judged, where it stands."""
    from modelsync.api.projects import find_workspace
    from modelsync.api.showing import model, stages_of
    from modelsync.core.units import say_bytes
    from modelsync.release.promotion import say_evidence

    version, state = model(find_workspace(folder), name)
    card = version.artifact.facts
    run = state.run(version.run) if version.run else None
    libraries = ", ".join(f"{library} {release}" for library, release in card.get("libraries", {}).items())
    inputs = [f"{column['name']} ({column['type']})" for column in (version.signature or {}).get("inputs", ())]
    lines = {
        "model": click.style(f"{version.model} {version.version}", bold=True),
        "stages": ", ".join(stages_of(state, version.model, version.version)) or "none",
        "rule": version.rule,
        "evidence": say_evidence(_as_in_rule(version)),
        "metrics": ", ".join(f"{metric} {value:.4g}" for metric, value in version.metrics.items()),
        "params": ", ".join(f"{param}={value}" for param, value in version.params.items()),
        "gates": ", ".join(f"{gate} {outcome}" for gate, outcome in version.gates.items()),
        "inputs": ", ".join(inputs),
        "framework": f"{card.get('framework', '')} ({libraries})" if libraries else str(card.get("framework", "")),
        "content": f"sha256 {version.artifact.digest}, {say_bytes(version.artifact.size)}",
        "commit": ""
        if version.git is None
        else f"{version.git['commit']}{' + changes' if version.git['dirty'] else ''}",
        "run": "" if run is None else f"#{run.number} by {run.actor}",
        "at": f"{when(version.at)} UTC",
    }
    click.echo("\n".join(f"{click.style(label.ljust(10), dim=True)}{value}" for label, value in lines.items() if value))


def _as_in_rule(version: ModelVersion) -> dict[str, Any]:
    """The evidence in the order in which the rule names it; the journal keeps it sorted."""
    return dict(sorted(version.evidence.items(), key=lambda item: version.rule.find(item[0])))
