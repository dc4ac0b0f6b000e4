"""MS1xx: keys and values that do not have the form they need."""

from __future__ import annotations

from modelsync.language.catalogue.entry import Entry

ENTRIES = (
    Entry(
        "MS101",
        "unknown key",
        "A key does not exist where it stands: it is misspelt, it is the word of another tool, or it belongs somewhere "
        "else, one level up or down. It is then read where it was meant, so that it causes no second fault.",
        "A key that is skipped in silence is a rule that nobody follows: `no-reference` would never have been read.",
        """\
datasets:
  customers: {source: data/customers.csv, freshnes: 36h}
""",
        """\
datasets:
  customers: {source: data/customers.csv, freshness: 36h}
""",
        ("MS102", "MS109"),
    ),
    Entry(
        "MS102",
        "something is missing",
        "A key that must be there is not: the strategy of a deployment, the outputs of a step, what happens with "
        "missed times of a schedule. Nothing that matters for safety has a silent default.",
        "Without it nobody knows what is meant, and a guess would be made for you.",
        """\
schedules:
  nightly: {cron: "15 2 * * *"}
""",
        """\
schedules:
  nightly: {cron: "15 2 * * *", missed: latest}
""",
        ("MS101", "MS506"),
    ),
    Entry(
        "MS103",
        "a value of another type",
        "A value is text, a number, a truth value, a list or a mapping where another of these belongs. Things with a "
        "name are mappings keyed by it, never lists with `name:` inside. `yes`, `no`, `on` and `off` are text. A "
        "number in quotes is text. A command is a list, never a shell string.",
        "What a value was meant to be is not guessed: `0.8` in quotes would be compared as text.",
        """\
datasets:
  - name: customers
    source: data/customers.csv
""",
        """\
datasets:
  customers:
    source: data/customers.csv
""",
        ("MS104", "MS105", "MS106"),
    ),
    Entry(
        "MS104",
        "a value out of range",
        "A number is below or above what is possible, a metric can never reach its bound, a text or list is empty, two "
        "bounds are swapped, a matrix has no member or more than 1,000. Shares and probabilities are from 0 to 1; only "
        "traffic is in percent.",
        "It could not be carried out, or would always or never hold.",
        """\
engine: {concurrency: 0}
""",
        """\
engine: {concurrency: 8}
""",
        ("MS103",),
    ),
    Entry(
        "MS105",
        "not one of the choices",
        "A word is none of those that may stand there, a version is not `major.minor.patch`, an address has an unknown "
        "scheme. Words of other tools are understood and answered with ours.",
        "Another word would mean nothing.",
        """\
deploy:
  live: {model: churn, target: {kind: local, port: 8080}, strategy: blue-green}
""",
        """\
deploy:
  live: {model: churn, target: {kind: local, port: 8080}, strategy: blue_green}
""",
        ("MS208", "MS504", "MS505"),
    ),
    Entry(
        "MS106",
        "a duration or size without its unit",
        "A duration needs a unit (`250ms`, `30s`, `15m`, `1h30m`, `2d`), a size too (`512MiB`, `2GiB`, `2GB`). A bare "
        "number is refused, and so are units that are written in another way.",
        "Nobody sees whether `40` are seconds, minutes or hours, and the difference is a night.",
        """\
pipelines:
  train:
    steps:
      fit:
        run: flows/churn.py:fit
        inputs: {train: datasets.customers}
        outputs: {model: model}
        timeout: 40
""",
        """\
pipelines:
  train:
    steps:
      fit:
        run: flows/churn.py:fit
        inputs: {train: datasets.customers}
        outputs: {model: model}
        timeout: 40m
""",
    ),
    Entry(
        "MS107",
        "not a name",
        "A name has letters, digits and `_`, a letter or `_` first, at most 64, and is no word such as `and`. A "
        "project and a role may hold `-`. People are addresses, variables and namespaces have rules of their own.",
        "Names also stand in conditions and paths: there a `-` would be a minus.",
        """\
datasets:
  all-customers: {source: data/customers.csv}
""",
        """\
datasets:
  all_customers: {source: data/customers.csv}
""",
    ),
    Entry(
        "MS108",
        "another language version",
        "`modelsync:` names a version of the language that this program does not know, or an included file names "
        "another one than the spec.",
        "Keys may mean something else in another version.",
        """\
modelsync: 2
project: churn
""",
        """\
modelsync: 1
project: churn
""",
    ),
    Entry(
        "MS109",
        "parts that contradict each other",
        "Two keys exclude each other, one only goes with another, or something is said twice: `run` and `uses` in one "
        "step, `timeout` with `isolate: thread`, two labels, one gate listed twice.",
        "One of them would be ignored, and nobody could tell which.",
        """\
pipelines:
  train:
    steps:
      fit:
        run: flows/churn.py:fit
        inputs: {train: datasets.customers}
        outputs: {model: model}
        isolate: thread
        timeout: 40m
""",
        """\
pipelines:
  train:
    steps:
      fit:
        run: flows/churn.py:fit
        inputs: {train: datasets.customers}
        outputs: {model: model}
        timeout: 40m
""",
        ("MS101",),
    ),
    Entry(
        "MS110",
        "not supported yet",
        "The spec is right, and this version of ModelSync can't carry out a part of it. `check` is content; `plan` and "
        "`run` say so before anything runs.",
        "It is told and never skipped: a gate or an approval that is silently left out would be worse than none.",
        """\
stages:
  production: {approval: {roles: admin, expires: 48h}}
""",
        """\
stages:
  production:
""",
    ),
    Entry(
        "MS111",
        "nothing can be put in here",
        "`${{ }}` puts in `params.name`, `matrix.axis` and `env.NAME`, inside literals only. It does not stand in "
        "references and names, so that the graph is known without values; nor in conditions, where params are named "
        "bare; and it computes nothing. Secrets are never put in.",
        "What is not put in would be taken as text, with its braces.",
        """\
stages:
  production:
    when: metrics.roc_auc >= ${{ params.floor }}
params: {floor: {type: float, default: 0.8}}
""",
        """\
stages:
  production:
    when: metrics.roc_auc >= params.floor
params: {floor: {type: float, default: 0.8}}
""",
        ("MS206", "MS212", "MS214"),
    ),
    Entry(
        "MS112",
        "a value from outside that does not fit",
        "A param was given on the command line (`-p name=value`) or by the environment (`MODELSYNC_PARAM_NAME`), and "
        "it does not exist, has another type, or is outside its bounds.",
        "A run with another value than you typed would be worse than none.",
        """\
# modelsync run -p learner=forest
params:
  learner: {type: enum, values: [gbm, logistic], default: gbm}
""",
        """\
# modelsync run -p learner=logistic
params:
  learner: {type: enum, values: [gbm, logistic], default: gbm}
""",
        ("MS206",),
    ),
)
