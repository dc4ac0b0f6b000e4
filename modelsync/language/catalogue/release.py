"""MS509 to MS518: stages, rollouts, versions, schedules and monitors that could not work as written."""

from __future__ import annotations

from modelsync.core.diagnostics import Severity
from modelsync.language.catalogue.entry import Entry

_LIVE = "deploy:\n  live:\n    model: churn\n    target: {kind: local, port: 8080}\n"
_CANARY = (
    _LIVE
    + """\
    strategy: canary
    steps: [{traffic: 5, for: 15m, min_requests: 500}, {traffic: 25, for: 30m}, {traffic: 100}]
    watch: [{metric: error_rate, max: 0.01, fail_after: 2}]
"""
)
_GOOD = """\
gates:
  good:
    kind: performance
    target: models.churn
    data: pipelines.train.split.test
    checks: [{metric: roc_auc, min: 0.8}]
"""
_MODEL = "models:\n  churn:\n    artifact: pipelines.train.fit.model\n"
_ACCESS = "access: {roles: {ml-lead: [ana@example.org]}}\n"
_MONITOR = (
    _GOOD
    + "stages:\n  production: {gates: [good]}\n"
    + _LIVE
    + "    strategy: recreate\nmonitors:\n  daily: {gate: good, data: live.requests, every: 1d, then: retrain}\n"
)

ENTRIES = (
    Entry(
        "MS509",
        "stages that are no chain",
        "Each stage comes after one other, the first after none: two can't come first, two can't come after the same "
        "one, and none comes after itself.",
        "A version goes one way to production; at a fork it would not know where to go.",
        "stages:\n  development:\n  staging:\n  production: {after: staging}\n",
        "stages:\n  development:\n  staging: {after: development}\n  production: {after: staging}\n",
        ("MS208",),
    ),
    Entry(
        "MS510",
        "a gate that blocks nothing",
        "A gate on a model is listed by no stage. A gate on data needs no stage: it blocks whoever reads its target.",
        "It is a warning: the gate still runs and is shown. But it keeps nothing from production.",
        _GOOD + "stages:\n  production:\n",
        _GOOD + "stages:\n  production: {gates: [good]}\n",
        ("MS208",),
        Severity.WARNING,
    ),
    Entry(
        "MS511",
        "steps that do not fit the strategy",
        "A canary needs steps whose traffic rises to 100 percent; a shadow and an A/B test have one step with an end; "
        "the other strategies have none. Traffic is in percent.",
        "The new version would never take over, or the rollout would never end.",
        _CANARY.replace("traffic: 25", "traffic: 3"),
        _CANARY,
        ("MS512",),
    ),
    Entry(
        "MS512",
        "nobody watches the rollout",
        "A strategy that lets a new version meet callers bit by bit has no `watch`, only measures that observe, or "
        "measures that nobody takes.",
        "The point of going slowly is to stop in time.",
        _CANARY.replace("    watch: [{metric: error_rate, max: 0.01, fail_after: 2}]\n", ""),
        _CANARY,
        ("MS511",),
    ),
    Entry(
        "MS513",
        "one port for two",
        "Two deployments on this machine want the same port.",
        "The second would find it taken.",
        _LIVE
        + "    strategy: recreate\n  test: {model: churn, target: {kind: local, port: 8080}, strategy: recreate}\n",
        _LIVE
        + "    strategy: recreate\n  test: {model: churn, target: {kind: local, port: 8081}, strategy: recreate}\n",
    ),
    Entry(
        "MS514",
        "metrics of a model that has none",
        "A condition asks for `metrics.*` or `champion.metrics.*`, and the model names no `metrics`.",
        "A name without a value makes every comparison false: the stage would hold for ever.",
        _MODEL + "stages:\n  production: {when: metrics.roc_auc >= 0.8}\n",
        _MODEL
        + "    metrics: pipelines.train.evaluate.metrics\nstages:\n  production: {when: metrics.roc_auc >= 0.8}\n",
        ("MS302", "MS505"),
    ),
    Entry(
        "MS515",
        "an approval that can't be given",
        "A stage asks more people to agree than its roles have.",
        "The question would stand until it expires, every time.",
        _ACCESS + "stages:\n  production: {approval: {roles: ml-lead, count: 2, expires: 48h}}\n",
        _ACCESS + "stages:\n  production: {approval: {roles: ml-lead, count: 1, expires: 48h}}\n",
        ("MS208",),
    ),
    Entry(
        "MS516",
        "a time that never comes",
        "A `cron` is five fields: minute, hour, day, month, weekday, and names a time that exists. A `timezone` is a "
        "place of the IANA database, such as `Europe/Berlin`: an abbreviation knows no summer time.",
        "The schedule would never fire, or at another hour than meant.",
        'schedules:\n  nightly: {cron: "0 15 2 * * *", missed: latest}\n',
        'schedules:\n  nightly: {cron: "15 2 * * *", missed: latest}\n',
    ),
    Entry(
        "MS517",
        "a rule that never fires",
        "Rules are read from top to bottom and the first that holds decides: one that stands behind all its cases "
        "never fires, and neither does one whose condition is never true.",
        "It is a warning: versions still move. But not as the rules say.",
        _MODEL
        + """\
    versioning:
      rules:
        - {bump: patch, when: data.changed or code.changed}
        - {bump: major, when: data.changed and code.changed}
""",
        _MODEL
        + """\
    versioning:
      rules:
        - {bump: major, when: data.changed and code.changed}
        - {bump: patch, when: data.changed or code.changed}
""",
        (),
        Severity.WARNING,
    ),
    Entry(
        "MS518",
        "a monitor that can't work",
        "A monitor asks a gate that needs the truth about live requests, which carry none; or it notifies, and there "
        "is no `notify` section; or it rolls back without looking at a deployment.",
        "It would look like a guard and guard nothing.",
        _MONITOR,
        _MONITOR.replace("data: live.requests", "data: pipelines.train.split.test"),
        ("MS507",),
    ),
)
