"""MS3xx and MS4xx: conditions, and functions of your own."""

from __future__ import annotations

from modelsync.language.catalogue.entry import Entry

_FIT = """\
pipelines:
  train:
    steps:
      fit:
        run: flows/churn.py:fit
        inputs: {train: datasets.customers}
        with: {learner: gbm}
        outputs: {model: model}
"""

_CUSTOM = """\
gates:
  enough:
    kind: custom
    target: datasets.customers
    uses: validators/rows.py:enough
"""

ENTRIES = (
    Entry(
        "MS301",
        "a condition that can't be read",
        "A `when` is a small part of Python: names, numbers, text, comparison, `+ - * /`, `and`, `or`, `not`, `in`, "
        "and the functions `min`, `max`, `abs`, `round`, `len`, `changed(path)`, `gate(name)`. Nothing else: no `&&`, "
        "no single `=`, no methods, no percent signs, no comments inside.",
        "A rule that decides about production is read by people, and must mean one thing.",
        'stages:\n  production: {when: "metrics.roc_auc > 0.8 && metrics.recall > 0.5"}\n',
        "stages:\n  production: {when: metrics.roc_auc > 0.8 and metrics.recall > 0.5}\n",
        ("MS302", "MS111"),
    ),
    Entry(
        "MS302",
        "a wrong name or type in a condition",
        "A name does not exist where the condition stands, or two things can't be compared. In a dataset the names are "
        "`contract.*`, `rows.*` and `content.changed`; in a model `signature.*`, `contract.*`, `features.*`, "
        "`data.changed`, `code.changed`, `params.*`, `metrics.*`, `champion.metrics.*` and `changed(...)`; in a stage "
        "`metrics.*`, `champion.metrics.*`, `params.*` and `gate(...)`. A comparison that can never be true is told "
        "too.",
        "It would be false for ever, and look like a rule.",
        "stages:\n  production: {when: metrics.roc_auc > champion.roc_auc}\n",
        "stages:\n  production: {when: metrics.roc_auc > champion.metrics.roc_auc}\n",
        ("MS301", "MS514"),
    ),
    Entry(
        "MS401",
        "a function that can't be found",
        "The Python file of a `run` or `uses` does not exist, does not parse, or defines no such function. Files are "
        "read, never run: what is defined by other means than `def` is not seen. A bare name under the `uses` of a "
        "custom gate is a validator that an installed package brings: none brings it, or several do.",
        "It would fail in the middle of a run.",
        _FIT.replace(":fit", ":fitt"),
        _FIT,
        ("MS203", "MS404"),
    ),
    Entry(
        "MS402",
        "a parameter that is not given",
        "A function has a parameter without a default, and neither `inputs` nor `with` gives it. The function of a "
        "custom gate also gets what it asks for of `model`, `data`, `reference`, `champion`, `label` and `positive`, "
        "as far as the gate has them.",
        "The call would fail in the middle of a run.",
        _FIT.replace("        inputs: {train: datasets.customers}\n", ""),
        _FIT,
        ("MS403",),
    ),
    Entry(
        "MS403",
        "a parameter that the function does not have",
        "An input or a key of `with` is no parameter of the function.",
        "The call would fail in the middle of a run, or a setting would change nothing.",
        _FIT.replace("{learner:", "{lerner:"),
        _FIT,
        ("MS402",),
    ),
    Entry(
        "MS404",
        "a builtin step that does not exist",
        "`uses: builtin/name` names a step that ModelSync does not bring. There are `builtin/split` and "
        "`builtin/select`; your own functions are named with `run: folder/file.py:function`.",
        "There is nothing to run.",
        """\
pipelines:
  train:
    steps:
      split: {uses: builtin/splitt, inputs: {data: datasets.customers}, outputs: {train: table, test: table}}
""",
        """\
pipelines:
  train:
    steps:
      split: {uses: builtin/split, inputs: {data: datasets.customers}, outputs: {train: table, test: table}}
""",
        ("MS203", "MS401"),
    ),
    Entry(
        "MS405",
        "a value of another type than the function asks for",
        "A value under `with` is a word where the function's own annotation says `int`, `float` or `bool`, or a number "
        "where it says `str`. Other annotations are not judged.",
        "The call would fail in the middle of a run, or quietly do something else.",
        _FIT.replace("{learner: gbm}", "{learner: 7}"),
        _FIT,
        ("MS403", "MS406"),
    ),
    Entry(
        "MS406",
        "a validator that returns nothing a gate can read",
        "The function of a custom gate says by its own annotation that it returns a number, a text, a table or "
        "nothing. It must return True or False, or a mapping with `passed` or with `value`, `threshold` and "
        "`direction`, or a list of these. Annotations with names of your own are not judged.",
        "The gate would end in an error after everything that it judges was made.",
        _CUSTOM.replace(":enough", ":count"),
        _CUSTOM,
        ("MS401", "MS405"),
    ),
)
