"""`schedules:`, `monitors:`, `notify:`: what is done by itself, and who is told."""

from __future__ import annotations

from modelsync.core.artifacts import OutputType
from modelsync.language.decode.body import Body
from modelsync.language.delivery import Channel, Monitor, Schedule
from modelsync.language.shapes import Choice, Duration, Fields, Key, Many, Plain, Reference, Secret, Text

EVENTS = (
    "run.started",
    "run.failed",
    "run.succeeded",
    "gate.failed",
    "gate.warned",
    "gate.inconclusive",
    "model.registered",
    "model.promoted",
    "model.rolled_back",
    "approval.asked",
    "approval.granted",
    "approval.rejected",
    "approval.expired",
    "deploy.started",
    "deploy.succeeded",
    "deploy.failed",
    "deploy.held",
    "deploy.rolled_back",
    "monitor.failed",
    "schedule.missed",
)
"""What a message can be about: the thing, and what happened to it."""


def _schedule(body: Body) -> Schedule | None:
    body.context.nodes["schedules", body.name] = body.node
    if not body.has("cron") and not body.has("every"):
        body.fault("MS102", body.node.at, f"{body.what} has no time", 'add `cron: "15 2 * * *"` or `every: 6h`')
    if body.has("cron") and body.has("every"):
        body.fault("MS109", body.key_at("every"), f"{body.what} has both `cron` and `every`", "keep one")
    fits = body.has("cron") or not body.has("every")  # without both, that there is no time is told already
    body.only_with(("timezone",), fits, "only goes with `cron`", "an interval has no time of day")
    run = body.get("run", {})
    return Schedule(
        name=body.name,
        cron=body.get("cron", ""),
        every=body.get("every"),
        timezone=body.get("timezone", "UTC"),
        until=run.get("until", ""),
        pipeline=run.get("pipeline", ""),
        missed=body.get("missed", "latest"),
        overlap=body.get("overlap", "forbid"),
        at=body.at,
    )


def _monitor(body: Body) -> Monitor | None:
    body.context.nodes["monitors", body.name] = body.node
    gate, data, every = body.get("gate"), body.get("data"), body.get("every")
    if gate is None or data is None or every is None:
        return None
    return Monitor(body.name, gate, data, every, body.get("then", ()), body.at)


def _channel(body: Body) -> Channel | None:
    url = body.get("url")
    return None if url is None else Channel(body.name, url, body.get("events", ()), body.at)


SCHEDULE = Fields(
    {
        "cron": Key(Text(example="15 2 * * *"), "When, as five fields: minute, hour, day, month, weekday."),
        "every": Key(Duration(True, "h"), "How often, such as `6h`, instead of `cron`."),
        "timezone": Key(Text(example="Europe/Berlin"), "The time zone of `cron`.", default="UTC"),
        "run": Key(
            Fields(
                {
                    "until": Key(Plain("until"), "The last stage or step that is done."),
                    "pipeline": Key(Plain("pipelines"), "The one pipeline that is run."),
                }
            ),
            "What is run; without it everything.",
        ),
        "missed": Key(
            Choice(("latest", "all", "skip")),
            "What happens with times at which nothing could run: the latest is caught up, all are, or none.",
            required=True,
        ),
        "overlap": Key(
            Choice(("forbid", "allow", "replace")), "What happens while the last run still goes.", default="forbid"
        ),
        "description": Key(Text(), "What it is for."),
    },
    _schedule,
)
MONITOR = Fields(
    {
        "gate": Key(Plain("gates"), "The gate that is asked.", required=True, example="input_drift"),
        "data": Key(
            Reference(("live", "datasets", "outputs"), (OutputType.TABLE,)),
            "What it is asked about: `deployment.requests`, or a dataset.",
            required=True,
            example="live.requests",
        ),
        "every": Key(Duration(True, "d"), "How often, such as `1d`.", required=True, example="1d"),
        "then": Key(
            Many(Choice(("notify", "retrain", "rollback")), least=1, one=True),
            "What follows when it fails.",
            required=True,
            example="notify",
        ),
        "description": Key(Text(), "What it is for."),
    },
    _monitor,
)
CHANNEL = Fields(
    {
        "url": Key(Secret(), "The secret with the address of the hook.", required=True, example="secrets.chat_hook"),
        "events": Key(Many(Choice(EVENTS), least=1, one=True), "What is told.", required=True, example="[gate.failed]"),
        "description": Key(Text(), "Who reads it."),
    },
    _channel,
)
