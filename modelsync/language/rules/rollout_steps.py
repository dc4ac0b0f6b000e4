"""The steps of a rollout fit its strategy: shares that rise to all of the traffic, or one fixed share."""

from __future__ import annotations

from collections.abc import Iterator

from modelsync.core.diagnostics import Diagnostic, Pos, Related
from modelsync.language.delivery import Deploy
from modelsync.language.subject import Subject
from modelsync.language.text.nodes import Mapping, Node, Sequence

CODE = "MS511"

_WITH_STEPS = ("canary", "shadow", "ab_test")
_ONE_STEP = ("shadow", "ab_test")


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Missing steps, steps that no strategy takes, shares that fall or stand still, an end that is not all."""
    for deploy in subject.spec.deploys.values():
        node = subject.context.nodes["deploy", deploy.name]
        written = node.get("steps")
        if deploy.strategy not in _WITH_STEPS:
            if written is not None:
                key = node.key("steps")
                message = f"strategy `{deploy.strategy}` of deploy `{deploy.name}` has no steps"
                at = deploy.at if key is None else key.at
                yield Diagnostic(CODE, at, message, "remove them, or write `strategy: canary`")
        elif written is None:
            help = "add `steps: [{traffic: 5, for: 15m, min_requests: 500}, {traffic: 100}]`"
            if deploy.strategy in _ONE_STEP:
                help = "add `steps: [{traffic: 50, for: 7d, min_requests: 1000}]`"
            message = f"deploy `{deploy.name}` has strategy `{deploy.strategy}` and no `steps`"
            yield Diagnostic(CODE, deploy.at, message, help)
        elif isinstance(written, Sequence) and len(written.items) == len(deploy.steps):
            yield from (found for found in _steps(deploy, written) if not _is_told(subject, written, found))


def _is_told(subject: Subject, written: Sequence, found: Diagnostic) -> bool:
    """Whether something in the step of a finding was not understood, so that it speaks of half a step."""
    return any(_place(each) == found.at and subject.is_spoilt(each) for each in written.items)


def _steps(deploy: Deploy, written: Sequence) -> Iterator[Diagnostic]:
    places = [_place(each) for each in written.items]
    if deploy.strategy in _ONE_STEP:
        yield from _single(deploy, places)
        return
    for index in range(1, len(deploy.steps)):
        before, step = deploy.steps[index - 1].traffic, deploy.steps[index].traffic
        if step <= before:
            message = f"canary traffic must rise at every step; {step:g} % follows {before:g} %"
            related = (Related(places[index - 1], f"the step before sends {before:g} %"),)
            yield Diagnostic(
                CODE, places[index], message, "let each step send more than the one before", related=related
            )
    last = deploy.steps[-1].traffic if deploy.steps else 100.0
    if last != 100:
        message = f"the last step of deploy `{deploy.name}` sends {last:g} %, so the new version never takes over"
        help = "end with `{traffic: 100}`"
        if all(step.traffic <= 1 for step in deploy.steps):
            help = "shares are in percent: write `5` for a twentieth, and end with `{traffic: 100}`"
        yield Diagnostic(CODE, places[-1], message, help)


def _single(deploy: Deploy, places: list[Pos]) -> Iterator[Diagnostic]:
    for extra in places[1:]:
        message = f"strategy `{deploy.strategy}` of deploy `{deploy.name}` has one fixed share, not several steps"
        yield Diagnostic(CODE, extra, message, "keep one step")
    step = deploy.steps[0] if deploy.steps else None
    if step is not None and not step.hold:
        message = f"strategy `{deploy.strategy}` of deploy `{deploy.name}` has no end"
        yield Diagnostic(CODE, places[0], message, "add `for:` to the step, such as `for: 7d`")
    if step is not None and deploy.strategy == "ab_test" and not 0 < step.traffic < 100:
        message = f"an A/B test needs both versions; {step.traffic:g} % leaves one of them without traffic"
        yield Diagnostic(CODE, places[0], message, "write a share between 0 and 100, such as `traffic: 50`")


def _place(node: Node) -> Pos:
    share = node.get("traffic") if isinstance(node, Mapping) else None
    return node.at if share is None else share.at
