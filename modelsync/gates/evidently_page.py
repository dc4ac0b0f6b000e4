"""The page of evidently beside ours: the verdict on top, then pictures by its own methods, which decide nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from modelsync.core.checks import PerformanceCheck, of_kind
from modelsync.core.verdict import Verdict
from modelsync.gates import banner, libraries, scoring
from modelsync.gates.catalogue import OTHER_NAMES, REGRESSION_METRICS
from modelsync.gates.groups import MISSING
from modelsync.gates.page.file import keep
from modelsync.gates.pairs import NumberPair, Unfit, pair
from modelsync.gates.question import GateError, Question, first_line

if TYPE_CHECKING:
    import pandas as pd

SAMPLE_ROWS = 50_000  # pictures of more rows look the same and take minutes
_TARGET, _SAID, _SCORE = "label", "prediction", "score of the positive class"


def draw(question: Question, verdict: Verdict, path: Path) -> None:
    """Write one HTML page that needs no network; where evidently can't draw the data, the page says why."""
    try:
        page = banner.insert(_pictures(question), verdict, _drawn_from(question))
    except Exception as error:  # odd data break a picture, never a run: the numbers are on the page all the same
        page = banner.page(verdict, str(error) if isinstance(error, GateError) else first_line(error))
    keep(page, path)


def _pictures(question: Question) -> str:
    """evidently's page of this gate's kind."""
    if question.table is None or not len(question.table):
        raise GateError("there is no row to draw")
    if question.kind == "drift":
        return _drift(question)
    if question.kind in ("performance", "fairness"):
        return _model(question)
    return _summary(question)


def _drift(question: Question) -> str:
    table, reference = _sample(question.table), _sample(question.reference)
    if table is None or reference is None:
        raise GateError("there is no reference to draw beside the table")
    names = [name for name in table.columns if name in reference.columns and question.is_feature(str(name))]
    numbers, levels = _kinds(question, table[names], reference[names])
    return _run("DataDriftPreset", _Form(numbers, levels), table, reference)


def _summary(question: Question) -> str:
    table, reference = _sample(question.table), _sample(question.reference)
    assert table is not None, "looked at before"
    names = [name for name in table.columns if reference is None or name in reference.columns]
    numbers, levels = _kinds(question, table[names], table[names] if reference is None else reference[names])
    return _run("DataSummaryPreset", _Form(numbers, levels), table, reference)


def _model(question: Question) -> str:
    """What the model says of the rows; beside it, as the reference, what the champion says of the same rows."""
    rows = scoring.truth(replace(question, table=_sample(question.table)))
    sides = [scoring.see(question, rows, question.model, "model")]
    if question.champion is not None:
        sides.append(scoring.see(question, rows, question.champion, "champion"))
    if any(
        OTHER_NAMES.get(check.metric, check.metric) in REGRESSION_METRICS
        for check in of_kind(question.checks, PerformanceCheck)
    ):
        tables = [_of_numbers(side) for side in sides]
        return _run("RegressionPreset", _Form([_TARGET, _SAID], [], "regression"), *tables)
    if len(set(rows.label)) > 2 and rows.positive is None:
        return _run("ClassificationPreset", _Form([], [_TARGET, _SAID], "multiclass"), *map(_of_classes, sides))
    scored = all(hasattr(side.model, "predict_proba") for side in sides)
    form = _Form([_SCORE] if scored else [], [_TARGET, _SAID], "binary")
    return _run("ClassificationPreset", form, *(_of_positive(side, scored) for side in sides))


def _of_numbers(seen: scoring.Seen) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame({_TARGET: seen.truth.numbers, _SAID: seen.numbers})


def _of_positive(seen: scoring.Seen, scored: bool) -> pd.DataFrame:
    import numpy as np
    import pandas as pd

    words = {_TARGET: seen.truth.is_positive, _SAID: seen.is_positive}
    columns = {name: np.where(flags, "positive", "negative") for name, flags in words.items()}
    return pd.DataFrame({**columns, **({_SCORE: seen.positive_probability} if scored else {})})


def _of_classes(seen: scoring.Seen) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame({_TARGET: map(str, seen.truth.label), _SAID: map(str, seen.labels)})


@dataclass(frozen=True, slots=True)
class _Form:
    """Which columns are numbers and which are levels, and what they are to each other."""

    numbers: list[str]
    levels: list[str]
    task: str = ""  # regression | binary | multiclass

    def definition(self, library: Any) -> Any:
        """evidently's own description, always explicit: what it would guess depends on the data."""
        given: dict[str, Any] = {"numerical_columns": self.numbers, "categorical_columns": self.levels}
        if self.task == "regression":
            given["regression"] = [library.Regression(target=_TARGET, prediction=_SAID)]
        elif self.task == "binary":
            given["classification"] = [
                library.BinaryClassification(
                    target=_TARGET,
                    prediction_labels=_SAID,
                    prediction_probas=_SCORE if self.numbers else None,
                    pos_label="positive",
                )
            ]
        elif self.task == "multiclass":
            given["classification"] = [library.MulticlassClassification(target=_TARGET, prediction_labels=_SAID)]
        return library.DataDefinition(**given)


def _run(preset: str, form: _Form, table: pd.DataFrame, reference: pd.DataFrame | None = None) -> str:
    if not form.numbers and not form.levels:
        raise GateError("no column holds values that can be drawn")
    library = libraries.evidently()
    with libraries.drawing():
        definition = form.definition(library)
        sides = [
            None if side is None else library.Dataset.from_pandas(_drawable(side, form), data_definition=definition)
            for side in (table, reference)
        ]
        snapshot = library.Report([getattr(library.presets, preset)()]).run(*sides)
        page: str = snapshot.get_html_str(as_iframe=False)
    return page


def _kinds(question: Question, table: pd.DataFrame, reference: pd.DataFrame) -> tuple[list[str], list[str]]:
    """The columns that can be drawn as numbers and as levels; evidently breaks on a column without a value."""
    numbers: list[str] = []
    levels: list[str] = []
    for name in table.columns:
        found = pair(reference[name], table[name], question.declared(str(name)).get("type"))
        if isinstance(found, Unfit) or found.free_text or not found.n or not found.n_reference:
            continue
        (numbers if isinstance(found, NumberPair) else levels).append(str(name))
    return numbers, levels


def _drawable(table: pd.DataFrame, form: _Form) -> pd.DataFrame:
    import numpy as np
    import pandas as pd

    columns: dict[str, Any] = {}
    for name in form.numbers:
        values = table[name].to_numpy(dtype="float64", na_value=np.nan)
        columns[name] = np.where(np.isfinite(values), values, np.nan)
    for name in form.levels:
        # A missing level is shown as one: evidently's bar charts stay empty as soon as a value is missing.
        levels = table[name].astype(object)
        columns[name] = levels.where(levels.notna(), MISSING).map(str).to_numpy()
    return pd.DataFrame(columns)


def _sample(table: pd.DataFrame | None) -> pd.DataFrame | None:
    """At most SAMPLE_ROWS rows, always the same ones, in their order."""
    if table is None or len(table) <= SAMPLE_ROWS:
        return table
    return table.sample(SAMPLE_ROWS, random_state=0).sort_index()


def _drawn_from(question: Question) -> str:
    both = "the champion on the same rows is its reference" if question.champion is not None else ""
    sizes = [len(table) for table in (question.table, question.reference) if table is not None]
    if max(sizes, default=0) <= SAMPLE_ROWS:
        drawn = "all rows"
    else:
        drawn = f"a sample of {SAMPLE_ROWS:,} of {max(sizes):,} rows"
    return f"{drawn}; {both}" if both else drawn
