"""Specs of any size as people write them: pipelines that build on each other, gates, params, columns, versions."""

from __future__ import annotations

from pathlib import Path

IN_PIPELINE = 10  # steps of one pipeline
COLUMNS = 24  # of each dataset
_STAGES = ("development", "staging", "production")

FUNCTIONS = '''"""The functions of every pipeline."""

from __future__ import annotations

from typing import Any


def prepare(table: Any, *, window: int, seed: int = 7) -> Any:
    """A table with one more feature."""
    return (table, window, seed)


def join(left: Any, right: Any, *, on: str) -> Any:
    """Two tables as one."""
    return (left, right, on)


def fit(train: Any, *, learner: str, seed: int = 7) -> Any:
    """A model."""
    return (train, learner, seed)


def evaluate(model: Any, test: Any) -> dict[str, float]:
    """Its metrics."""
    return {"roc_auc": float(len(model) > len(test))}
'''


def write_project(folder: Path, steps: int) -> Path:
    """A project whose spec has so many steps (a multiple of 10) and a quarter as many gates; the path of the spec."""
    (folder / "flows").mkdir(parents=True, exist_ok=True)
    (folder / "data").mkdir(exist_ok=True)
    (folder / "flows" / "parts.py").write_text(FUNCTIONS, encoding="utf-8")
    header = ",".join(_column(number) for number in range(COLUMNS))
    for number in range(_pipelines(steps)):
        (folder / "data" / f"source_{number}.csv").write_text(f"{header}\n", encoding="utf-8")
    spec = folder / "modelsync.yaml"
    spec.write_text(text(steps), encoding="utf-8")
    return spec


def text(steps: int) -> str:
    """The text of a spec with so many steps."""
    count = _pipelines(steps)
    gates = [gate for number in range(steps // 4) for gate in _gate(number, count)]
    sections = {
        "params": [line for number in range(count) for line in _params(number)],
        "datasets": [line for number in range(count) for line in _dataset(number)],
        "pipelines": [line for number in range(count) for line in _pipeline(number)],
        "gates": gates,
        "models": [line for number in range(count) for line in _model(number)],
        "stages": _stages(steps // 4),
        "deploy": [
            "live:",
            "  model: model_0",
            "  target: {kind: local, port: 8080, replicas: 2}",
            "  strategy: blue_green",
        ],
    }
    lines = ["modelsync: 1", "project: large"]
    for section, body in sections.items():
        if body:
            lines += [f"{section}:", *(f"  {line}" for line in body)]
    return "\n".join(lines) + "\n"


def _pipelines(steps: int) -> int:
    return steps // IN_PIPELINE


def _column(number: int) -> str:
    return f"column_{number}"


def _params(number: int) -> list[str]:
    return [
        f"window_{number}: {{type: int, default: {7 + number % 80}, min: 7, max: 90}}",
        f"learner_{number}: {{type: enum, values: [gbm, logistic], default: gbm}}",
    ]


def _dataset(number: int) -> list[str]:
    kinds = ("{type: int, min: 0}", "float", "{type: category, values: [low, high]}", "string")
    columns = [f"      {_column(index)}: {kinds[index % len(kinds)]}" for index in range(1, COLUMNS - 1)]
    return [
        f"source_{number}:",
        f"  source: data/source_{number}.csv",
        "  contract:",
        f"    key: [{_column(0)}]",
        "    columns:",
        f"      {_column(0)}: {{type: string, nullable: false, role: id}}",
        *columns,
        f"      {_column(COLUMNS - 1)}: {{type: bool, role: label, positive: true}}",
    ]


def _pipeline(number: int) -> list[str]:
    """Split, seven steps that build on each other and on the pipeline before, a model, its metrics."""
    window = f'"${{{{ params.window_{number} }}}}"'
    lines = [f"flow_{number}:", "  steps:"]
    lines += _step("split", "uses: builtin/split", f"data: datasets.source_{number}", "train: table, test: table")
    lines[-1:-1] = [f"      with: {{test_size: 0.2, stratify: {_column(COLUMNS - 1)}, seed: {number}}}"]
    before = "steps.split.train"
    for index in range(IN_PIPELINE - 3):
        name, made = f"prepare_{index}", "table: table"
        if index == 3 and number:
            other = f"pipelines.flow_{number - 1}.prepare_2.table"
            lines += _step(name, "run: flows/parts.py:join", f"left: {before}, right: {other}", made)
            lines[-1:-1] = [f"      with: {{on: {_column(0)}}}"]
        else:
            lines += _step(name, "run: flows/parts.py:prepare", f"table: {before}", made)
            lines[-1:-1] = [f"      with: {{window: {window}}}"]
        before = f"steps.{name}.table"
    learner = f'"${{{{ params.learner_{number} }}}}"'
    lines += _step("fit", "run: flows/parts.py:fit", f"train: {before}", "model: model")
    lines[-1:-1] = [f"      with: {{learner: {learner}, seed: 7}}", "      retries: {limit: 2, delay: 10s}"]
    inputs = "model: steps.fit.model, test: steps.split.test"
    lines += _step("evaluate", "run: flows/parts.py:evaluate", inputs, "metrics: metrics")
    return lines


def _step(name: str, work: str, inputs: str, outputs: str) -> list[str]:
    return [f"    {name}:", f"      {work}", f"      inputs: {{{inputs}}}", f"      outputs: {{{outputs}}}"]


def _gate(number: int, pipelines: int) -> list[str]:
    """A gate, each kind in turn, each round on another pipeline."""
    kind, flow = ("quality", "drift", "performance", "fairness")[number % 4], (number // 4) % pipelines
    if kind == "quality":
        body = [
            f"target: datasets.source_{flow}",
            "checks:",
            "  - expect_table_row_count_to_be_between: {min_value: 100}",
            f"  - expect_column_values_to_not_be_null: {{column: {_column(1 + number % 20)}, mostly: 0.99}}",
        ]
    elif kind == "drift":
        body = [
            f"target: pipelines.flow_{flow}.prepare_5.table",
            f"reference: pipelines.flow_{flow}.prepare_1.table",
            "checks:",
            "  - {test: psi, columns: all, max: 0.2, failing_share: 0.1}",
        ]
    else:
        body = [f"target: models.model_{flow}", f"data: pipelines.flow_{flow}.split.test"]
        if kind == "performance":
            check = "{metric: roc_auc, versus: champion, min_delta: -0.01, method: paired_bootstrap}"
            body += ["no_reference: pass", "checks:", "  - {metric: roc_auc, min: 0.7}", f"  - {check}"]
        else:
            slices = f"slices: {{by: [{_column(3)}], min_rows: 40}}"
            body += [slices, "checks:", "  - {metric: recall, worst_to_best: 0.8}"]
    return [f"gate_{number}:", f"  kind: {kind}", *(f"  {line}" for line in body)]


def _model(number: int) -> list[str]:
    grown = "metrics.roc_auc - champion.metrics.roc_auc >= 0.01"
    return [
        f"model_{number}:",
        f"  artifact: pipelines.flow_{number}.fit.model",
        f"  metrics: pipelines.flow_{number}.evaluate.metrics",
        "  versioning:",
        "    rules:",
        "      - {bump: major, when: signature.breaking or contract.breaking}",
        f"      - {{bump: minor, when: features.added or changed(params.learner_{number}) or {grown}}}",
        "      - {bump: patch, when: data.changed or code.changed}",
    ]


def _stages(gates: int) -> list[str]:
    """Every gate is listed by one stage."""
    lines = []
    for index, name in enumerate(_STAGES):
        lines.append(f"{name}:")
        if index:
            lines.append(f"  after: {_STAGES[index - 1]}")
        listed = [f"gate_{number}" for number in range(gates) if number % len(_STAGES) == index]
        if listed:
            lines.append(f"  gates: [{', '.join(listed)}]")
    return [*lines, "  when: metrics.roc_auc >= 0.7", "  deploy: live"]
