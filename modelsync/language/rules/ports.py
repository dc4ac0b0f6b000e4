"""No two deployments on this machine want the same port."""

from __future__ import annotations

from collections.abc import Iterator

from modelsync.core.diagnostics import Diagnostic, Related
from modelsync.language.delivery import Deploy, DockerTarget, LocalTarget
from modelsync.language.subject import Subject
from modelsync.language.text.nodes import Mapping

CODE = "MS513"


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Each port that is taken by an earlier deployment."""
    first: dict[int, Deploy] = {}
    for deploy in subject.spec.deploys.values():
        if not isinstance(deploy.target, LocalTarget | DockerTarget):
            continue
        other = first.setdefault(deploy.target.port, deploy)
        if other is not deploy:
            target = subject.context.nodes["deploy", deploy.name].get("target")
            port = target.get("port") if isinstance(target, Mapping) else None
            message = f"deployments `{other.name}` and `{deploy.name}` both want port {deploy.target.port}"
            related = (Related(other.at, f"`{other.name}` is defined here"),)
            at = deploy.at if port is None else port.at
            yield Diagnostic(CODE, at, message, "give each a port of its own", related=related)
