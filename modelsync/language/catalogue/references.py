"""MS2xx: names and references that lead nowhere, or to something else than is needed."""

from __future__ import annotations

from modelsync.core.diagnostics import Severity
from modelsync.language.catalogue.entry import Entry

_STEPS = """\
pipelines:
  train:
    steps:
      fit:
        run: flows/churn.py:fit
        inputs: {train: datasets.customers}
        outputs: {model: model}
"""
_MATRIX = """\
pipelines:
  train:
    steps:
      fit:
        run: flows/churn.py:fit
        matrix: {seed: [7, 17]}
        inputs: {train: datasets.customers}
        with: {seed: "${{ matrix.seed }}"}
        outputs: {model: model}
      evaluate:
        run: flows/churn.py:evaluate
        each: steps.fit
        inputs: {model: steps.fit.model, test: datasets.customers}
        outputs: {metrics: metrics}
"""
_BEST = """\
      best:
        uses: builtin/select
        inputs: {candidates: steps.evaluate.metrics, keep: steps.fit.model}
        with: {metric: roc_auc, mode: max}
        outputs: {model: model, metrics: metrics}
"""
_PAGE = """\
pipelines:
  report:
    steps:
      page:
        command: [python, report.py, "{inputs.data}", "{outputs.page}"]
        inputs: {data: datasets.customers}
        outputs: {page: file}
"""

ENTRIES = (
    Entry(
        "MS201",
        "what a reference names does not exist",
        "A reference names a dataset, model, pipeline, step or output that nothing declares. Inside a pipeline its own "
        "steps are `steps.step.output`, elsewhere `pipelines.pipeline.step.output`.",
        "The graph would have an edge to nowhere.",
        _STEPS + "models:\n  churn: {artifact: pipelines.train.fit.modle}\n",
        _STEPS + "models:\n  churn: {artifact: pipelines.train.fit.model}\n",
        ("MS203", "MS208", "MS213"),
    ),
    Entry(
        "MS202",
        "a reference to something of another kind",
        "What a reference names exists, and is not what is needed there: metrics where a model belongs, an output "
        "where a model of `models:` belongs, a model where a table belongs.",
        "It would fail in the middle of a run.",
        _STEPS + "models:\n  churn: {artifact: pipelines.train.fit.model, metrics: pipelines.train.fit.model}\n",
        _STEPS + "models:\n  churn: {artifact: pipelines.train.fit.model}\n",
        ("MS201", "MS210"),
    ),
    Entry(
        "MS203",
        "not a reference",
        "A reference is a bare dotted path: `datasets.name`, `models.name`, `steps.step.output`. It is no path of a "
        "file, no address and no template. A function is `folder/file.py:function`, a step that ModelSync brings "
        "`builtin/name`.",
        "Only what is declared has a contract, a version and gates.",
        _STEPS.replace("datasets.customers", "data/customers.csv"),
        _STEPS,
        ("MS201", "MS401"),
    ),
    Entry(
        "MS204",
        "steps in a circle",
        "A step needs what it makes itself, directly or around other steps; `after` counts as well.",
        "None of them could ever begin.",
        _STEPS.replace("datasets.customers", "steps.fit.model"),
        _STEPS,
        ("MS209",),
    ),
    Entry(
        "MS205",
        "a source that is not there",
        "The file or folder of a dataset does not exist, or a pattern matches nothing. Paths start at the root of the "
        "project: the folder of the spec, or what `root:` names.",
        "Found now, it costs a second; found by the run, the time until then.",
        "datasets:\n  customers: {source: data/custmers.csv}\n",
        "datasets:\n  customers: {source: data/customers.csv}\n",
        ("MS601",),
    ),
    Entry(
        "MS206",
        "a param that does not exist",
        "`${{ params.name }}` puts in a param that is not declared under `params:`.",
        "There is no value to put in.",
        "params: {horizon: {type: int, default: 30}}\n" + _STEPS + '        with: {seed: "${{ params.horizn }}"}\n',
        "params: {horizon: {type: int, default: 30}}\n" + _STEPS + '        with: {seed: "${{ params.horizon }}"}\n',
        ("MS111", "MS112"),
    ),
    Entry(
        "MS207",
        "used by nothing",
        "A dataset, a param or a secret is declared, and nothing reads it. A dataset is not told where the spec has "
        "neither pipelines nor gates nor models: there its versions are all that is wanted.",
        "It is a warning: nothing breaks. But a name that nobody uses is often a name that was meant elsewhere, and a "
        "param that changes nothing misleads whoever sets it.",
        "params: {horizon: {type: int, default: 30}}\n" + _STEPS,
        "params: {horizon: {type: int, default: 30}}\n" + _STEPS + '        with: {seed: "${{ params.horizon }}"}\n',
        ("MS213",),
        Severity.WARNING,
    ),
    Entry(
        "MS208",
        "a name that is not declared",
        "A name that stands alone is not declared in its section: a gate of a stage, the stage before it, the model of "
        "a deployment, a role, a secret, the end of a scheduled run.",
        "A stage whose gate does not exist would let everything through.",
        "stages:\n  staging:\n  production: {after: stagging}\n",
        "stages:\n  staging:\n  production: {after: staging}\n",
        ("MS201", "MS213"),
    ),
    Entry(
        "MS209",
        "a gate that waits for itself",
        "A critical gate blocks whoever reads its target until it has passed, and it compares with something that is "
        "made from that target.",
        "Neither the gate nor what it waits for could begin.",
        """\
pipelines:
  train:
    steps:
      split: {uses: builtin/split, inputs: {data: datasets.customers}, outputs: {train: table, test: table}}
      features:
        run: flows/churn.py:features
        inputs: {train: steps.split.train, test: steps.split.test}
        outputs: {train: table, test: table}
gates:
  drift:
    kind: drift
    target: pipelines.train.split.train
    reference: pipelines.train.features.train
    checks: [{test: psi, max: 0.2}]
""",
        """\
pipelines:
  train:
    steps:
      split: {uses: builtin/split, inputs: {data: datasets.customers}, outputs: {train: table, test: table}}
gates:
  drift:
    kind: drift
    target: pipelines.train.split.train
    reference: pipelines.train.split.test
    checks: [{test: psi, max: 0.2}]
""",
        ("MS204",),
    ),
    Entry(
        "MS210",
        "a list where one belongs",
        "What a step with a matrix makes is a list: one for each member. Something that takes one names it, or "
        "`across` names a step that runs once. A `builtin/select` picks the best member, `each` runs a step for every "
        "member, a function may take the list.",
        "Which member is meant is a decision, and it is yours.",
        _MATRIX + "models:\n  churn: {artifact: pipelines.train.fit.model}\n",
        _MATRIX + _BEST + "models:\n  churn: {artifact: pipelines.train.best.model}\n",
        ("MS216", "MS217"),
    ),
    Entry(
        "MS211",
        "a suite that can't be used",
        "The JSON file of a `suite` does not exist, is no JSON, or is no suite as Great Expectations saves one, with a "
        "list `expectations`. What is wrong with an expectation inside is told in that file.",
        "A gate without its checks would pass.",
        """\
gates:
  quality: {kind: quality, target: datasets.customers, checks: [{suite: expectations/custmers.json}]}
""",
        """\
gates:
  quality: {kind: quality, target: datasets.customers, checks: [{suite: expectations/customers.json}]}
""",
        ("MS501",),
    ),
    Entry(
        "MS212",
        "an axis that the matrix does not have",
        "`${{ matrix.name }}`, or an entry of `exclude`, names an axis that the matrix of the step does not have.",
        "There is no value to put in, and nothing to take away.",
        _MATRIX.replace("matrix.seed", "matrix.sead"),
        _MATRIX,
        ("MS111",),
    ),
    Entry(
        "MS213",
        "declared under another name than it is used",
        "Several places use one name, nothing declares it, and something is declared under a name that is nearly the "
        "same and used nowhere: then the slip is in the definition.",
        "Told once, where the mend belongs, instead of at every use.",
        """\
gates:
  beats_chmpion:
    kind: performance
    target: models.churn
    data: pipelines.train.split.test
    checks: [{metric: roc_auc, min: 0.8}]
stages:
  staging: {gates: [beats_champion]}
  production: {after: staging, gates: [beats_champion]}
""",
        """\
gates:
  beats_champion:
    kind: performance
    target: models.churn
    data: pipelines.train.split.test
    checks: [{metric: roc_auc, min: 0.8}]
stages:
  staging: {gates: [beats_champion]}
  production: {after: staging, gates: [beats_champion]}
""",
        ("MS201", "MS208"),
    ),
    Entry(
        "MS214",
        "a variable that is not set",
        "`${{ env.NAME }}` puts in a variable of the environment that is not set.",
        "An empty text in its place would run something else than was meant. A secret is not put in like this: name it "
        "with `secrets.name`.",
        _STEPS + '        with: {learner: "${{ env.LEARNER }}"}\n',
        "# export LEARNER=gbm\n" + _STEPS + '        with: {learner: "${{ env.LEARNER }}"}\n',
        ("MS111", "MS602"),
    ),
    Entry(
        "MS215",
        "a command that names nothing, or writes nowhere",
        "`{inputs.x}`, `{outputs.x}`, `{params.x}` or `{matrix.x}` in a command does not exist; or the command is "
        "never told where to write one of its outputs.",
        "The program would get the braces as text, or its output would not be found.",
        _PAGE.replace("{inputs.data}", "{inputs.date}"),
        _PAGE,
        ("MS206",),
    ),
    Entry(
        "MS216",
        "nothing to select from",
        "A `builtin/select` gets `candidates` that are no metrics of a matrix, something to `keep` from another "
        "matrix, or a `mode` other than `max` and `min`.",
        "Each candidate is paired with the member that made it; without members there is no best.",
        _MATRIX + _BEST.replace("mode: max", "mode: highest"),
        _MATRIX + _BEST,
        ("MS210", "MS402"),
    ),
    Entry(
        "MS217",
        "following a step that runs once",
        "`each` names a step without a matrix, or the step itself.",
        "There are no members to run for.",
        _MATRIX.replace("        matrix: {seed: [7, 17]}\n", "").replace('"${{ matrix.seed }}"', "7"),
        _MATRIX,
        ("MS210",),
    ),
)
