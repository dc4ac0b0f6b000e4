"""A strategy that lets a new version meet callers bit by bit says what is watched meanwhile."""

from __future__ import annotations

from collections.abc import Iterator

from modelsync.core.diagnostics import Diagnostic
from modelsync.language.delivery import Deploy
from modelsync.language.rules.choices import unknown
from modelsync.language.subject import Subject
from modelsync.language.text.nodes import Node, Sequence

CODE = "MS512"

PROGRESSIVE = ("canary", "rolling", "shadow", "ab_test")
METRICS = (
    "error_rate",
    "latency_mean_ms",
    "latency_p50_ms",
    "latency_p90_ms",
    "latency_p95_ms",
    "latency_p99_ms",
    "requests_per_second",
    "prediction_psi",
    "prediction_mean",
)
"""What the router and the replicas measure."""


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Progressive strategies without `watch`, measures that only observe, and measures that nobody takes."""
    for deploy in subject.spec.deploys.values():
        node = subject.context.nodes["deploy", deploy.name]
        if deploy.strategy in PROGRESSIVE and node.get("watch") is None:
            message = f"deploy `{deploy.name}` has strategy `{deploy.strategy}` and watches nothing"
            help = "add `watch:`, such as `- {metric: error_rate, max: 0.01, fail_after: 2}`"
            notes = ("without it a bad version would be let through to everybody",)
            yield Diagnostic(CODE, deploy.at, message, help, notes)
        elif deploy.strategy in PROGRESSIVE and _only_observes(deploy, node.get("watch")):
            message = f"every measure of deploy `{deploy.name}` only observes, so nothing can stop the rollout"
            key = node.key("watch")
            yield Diagnostic(
                CODE, deploy.at if key is None else key.at, message, "take `observe: true` from one of them"
            )
        for at, metric in subject.scalars(node, "watch", "metric"):
            if metric not in METRICS and not subject.is_spoilt(at):
                yield unknown(CODE, "measure", metric, at, METRICS)


def _only_observes(deploy: Deploy, written: Node | None) -> bool:
    """Whether no measure decides anything; one that was lost to a fault may be the one that does."""
    is_whole = isinstance(written, Sequence) and len(written.items) == len(deploy.watch)
    return is_whole and bool(deploy.watch) and all(each.observe for each in deploy.watch)
