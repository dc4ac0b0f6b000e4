"""`modelsync deploy`: what serves, and its end."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from modelsync.cli.options import project_option
from modelsync.cli.tables import rows
from modelsync.targets.base import DeploymentStatus


@click.group("deploy")
def command() -> None:
    """Show what is deployed, and take it down."""


@command.command("status")
@project_option
def status(folder: Path | None) -> None:
    """Show every deployment: address, version, whether it answers, requests so far."""
    from modelsync.api.projects import find_workspace
    from modelsync.api.showing import deployed

    found = deployed(find_workspace(folder))
    click.echo("\n".join(deployment_rows(found)) if found else "nothing is deployed")


@command.command("undeploy")
@project_option
@click.argument("name")
def undeploy(folder: Path | None, name: str) -> None:
    """Take the deployment NAME down: its router and its replicas end."""
    from modelsync.api.projects import find_workspace
    from modelsync.api.serving import undeploy as take_down

    before = take_down(find_workspace(folder), name)
    click.echo(f"{name} is down: {before.model} {before.version} served on {before.url}")


def deployment_rows(found: Sequence[DeploymentStatus]) -> list[str]:
    """One line a deployment."""
    body = [
        [
            one.name,
            f"{one.model} {one.version}".strip(),
            "answers" if one.alive else "does not answer",
            f"{sum(replica.alive for replica in one.replicas)}/{one.wanted}",
            str(sum(one.requests.values())),
            str(sum(one.errors.values())),
            one.url,
        ]
        for one in found
    ]
    return rows(["DEPLOYMENT", "SERVES", "STATE", "REPLICAS", "REQUESTS", "ERRORS", "URL"], body)
