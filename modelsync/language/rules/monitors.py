"""A monitor asks a gate that can be asked about its data, and what follows can follow."""

from __future__ import annotations

from collections.abc import Iterator

from modelsync.core.diagnostics import Diagnostic, Related
from modelsync.language.delivery import Monitor
from modelsync.language.model import Gate, Ref, RefKind
from modelsync.language.subject import Subject
from modelsync.language.text.nodes import Node

CODE = "MS518"

_ON_REQUESTS = ("quality", "drift", "custom")  # requests carry no truth, so a model can't be measured on them


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Gates that need the truth on live requests, messages to nobody, rollbacks of nothing."""
    spec = subject.spec
    for monitor in spec.monitors.values():
        node = subject.context.nodes["monitors", monitor.name]
        gate = spec.gates.get(monitor.gate)
        if gate is not None and isinstance(monitor.data, Ref):
            yield from _data(subject, monitor, gate, monitor.data)
        place = node.get("then")
        if place is None:
            continue
        if "notify" in monitor.then and not subject.names.channels and not subject.names.is_hidden("notify"):
            message = f"monitor `{monitor.name}` notifies, and nobody listens: there is no `notify` section"
            yield _there(place, message, "add a channel under `notify`, or take `notify` away")
        if "rollback" in monitor.then and isinstance(monitor.data, Ref) and monitor.data.kind is not RefKind.LIVE:
            message = f"monitor `{monitor.name}` can't roll back: it does not look at a deployment"
            yield _there(place, message, "give it `data: deployment.requests`, or take `rollback` away")


def _data(subject: Subject, monitor: Monitor, gate: Gate, data: Ref) -> Iterator[Diagnostic]:
    if data.kind is RefKind.LIVE and gate.kind not in _ON_REQUESTS:
        message = (
            f"monitor `{monitor.name}` asks the {gate.kind} gate `{gate.name}` about requests, which carry no truth"
        )
        help = f"ask a gate of kind {', '.join(_ON_REQUESTS)}, or give a table with the label as `data`"
        yield Diagnostic(CODE, data.at, message, help, related=(Related(gate.at, f"`{gate.name}` is defined here"),))


def _there(node: Node, message: str, help: str) -> Diagnostic:
    return Diagnostic(CODE, node.at, message, help)
