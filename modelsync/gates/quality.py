"""Quality: the spec's expectations of a table, decided by Great Expectations."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from modelsync.core.checks import Expectation, of_kind
from modelsync.core.nearest import nearest
from modelsync.core.verdict import Check, Outcome
from modelsync.gates import libraries
from modelsync.gates.question import Answer, GateError, Question, numbered

if TYPE_CHECKING:
    import pandas as pd

_ONE = ("column", "column_A", "column_B")
_EXAMPLES = 3
_CHECK = "check"  # the key in an expectation's `meta` that carries our id: results come back in another order

# These look at the table as a whole: its column names, or a query or condition in which any column may occur.
_WHOLE_TABLE = ("expect_table_column", "expect_table_columns", "unexpected_rows", "expect_query")
_WHOLE_ARGUMENTS = {"row_condition", "column_index"}
_WITHOUT_ROWS = ("expect_table_", "expect_column_to_exist")


def answer(question: Question) -> Answer:
    """One check for each expectation: the share of unexpected values, or the value that was observed."""
    frame = question.table
    if frame is None:
        raise GateError(f"gate `{question.gate}` was given no table; a quality gate needs one")
    gx, registry = libraries.great_expectations()
    found: dict[str, Check] = {}
    asked: dict[str, Any] = {}
    wanted = dict(
        zip(
            numbered(map(_name, of_kind(question.checks, Expectation))),
            of_kind(question.checks, Expectation),
            strict=True,
        )
    )
    for id_, expectation in wanted.items():
        built = _build(registry, expectation, id_, frame)
        if isinstance(built, Check):
            found[id_] = built
        else:
            asked[id_] = built
    if asked:
        for id_, result in _validate(gx, _needed(frame, [wanted[id_] for id_ in asked]), asked):
            found[id_] = _check(wanted[id_], id_, result)
    return Answer(
        checks=tuple(found[id_] for id_ in wanted),
        params={
            "expectations": [{entry.name: dict(entry.arguments)} for entry in of_kind(question.checks, Expectation)]
        },
        engine=f"great-expectations {gx.__version__}",
    )


def _build(registry: Any, wanted: Expectation, id_: str, frame: pd.DataFrame) -> Any:
    """The library's own expectation, or the check that says why there can't be one."""
    from pydantic.v1 import ValidationError  # the library's models are pydantic v1 classes

    kind = registry.list_registered_expectation_implementations()
    if wanted.name not in kind:
        near = nearest(wanted.name, kind)
        hint = f"; did you mean `{near}`?" if near else ""
        return _error(wanted, id_, f"`{wanted.name}` is no expectation of Great Expectations{hint}")
    fault = _absent(wanted, frame)
    if fault:
        return _error(wanted, id_, fault)
    try:
        with libraries.expecting():
            return registry.get_expectation_impl(wanted.name)(**wanted.arguments, meta={_CHECK: id_})
    except ValidationError as error:
        return _error(wanted, id_, _translated(error.errors()))
    except (TypeError, ValueError) as error:
        return _error(wanted, id_, str(error))


def _absent(wanted: Expectation, frame: pd.DataFrame) -> str:
    """The library answers a missing column with an internal traceback, so it is looked for before."""
    if not wanted.name.startswith(_WITHOUT_ROWS):
        for name in _columns(wanted):
            if name not in frame.columns:
                near = nearest(name, map(str, frame.columns))
                return f"the table has no column `{name}`" + (f"; did you mean `{near}`?" if near else "")
        if not len(frame):
            return "the table has no rows, of which everything is true"
    return ""


def _columns(wanted: Expectation) -> list[str]:
    named = [wanted.arguments[key] for key in _ONE if key in wanted.arguments]
    return [str(name) for name in (*named, *(wanted.arguments.get("column_list") or ()))]


def _needed(frame: pd.DataFrame, wanted: Iterable[Expectation]) -> pd.DataFrame:
    """Only the columns that are asked about: the library hashes every batch, which costs as much as the checks."""
    names: set[str] = set()
    for expectation in wanted:
        if expectation.name.startswith(_WHOLE_TABLE) or _WHOLE_ARGUMENTS & set(expectation.arguments):
            return frame
        names.update(_columns(expectation))
    kept = [name for name in frame.columns if name in names] or list(frame.columns[:1])
    return frame[kept]


def _validate(gx: Any, frame: pd.DataFrame, asked: Mapping[str, Any]) -> list[tuple[str, Any]]:
    with libraries.expecting():
        return _validate_alone(gx, frame, asked)


def _validate_alone(gx: Any, frame: pd.DataFrame, asked: Mapping[str, Any]) -> list[tuple[str, Any]]:
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    asset = context.data_sources.add_pandas("tables").add_dataframe_asset("table")
    batch = asset.add_batch_definition_whole_dataframe("whole").get_batch({"dataframe": frame})
    suite = gx.ExpectationSuite(name="gate", expectations=list(asked.values()))
    results = batch.validate(suite, result_format="SUMMARY").results
    return [(result.expectation_config.meta[_CHECK], result) for result in results]


def _check(wanted: Expectation, id_: str, result: Any) -> Check:
    broken = _exception(result.exception_info)
    if broken:
        return _error(wanted, id_, broken)
    outcome = Outcome.PASS if result.success else Outcome.FAIL
    said = result.result
    if "unexpected_percent" in said:
        return _by_share(wanted, id_, outcome, said)
    return _by_observation(wanted, id_, outcome, said)


def _by_share(wanted: Expectation, id_: str, outcome: Outcome, said: Mapping[str, Any]) -> Check:
    """Of the values that are there, the share that is not as expected, against what `mostly` leaves."""
    rows = int(said["element_count"])
    missing = int(said.get("missing_count") or 0)
    percent = said["unexpected_percent"]
    examples = [str(value)[:40] for value in said.get("partial_unexpected_list", ())][:_EXAMPLES]
    note = f"{said['unexpected_count']:,} of {rows - missing:,} values"
    if rows == missing:
        note = "every value is missing, so there was none to look at"
    elif outcome is Outcome.FAIL and examples and wanted.name != "expect_column_values_to_not_be_null":
        note += f", e.g. {', '.join(examples)}"
    return Check(
        id=id_,
        subject=", ".join(_columns(wanted)),
        statistic=f"unexpected share by {wanted.name}",
        outcome=outcome,
        value=0.0 if percent is None else percent / 100,
        threshold=round(1 - float(wanted.arguments.get("mostly", 1)), 12),
        direction="<=",
        note=note,
        n=rows,
        n_missing=missing,
    )


def _by_observation(wanted: Expectation, id_: str, outcome: Outcome, said: Mapping[str, Any]) -> Check:
    observed = said.get("observed_value")
    value = _number(observed)
    threshold, direction, note = _bound(wanted, value)
    if value is None and observed is not None:
        note = f"observed {str(observed)[:200]}" + (f", {note}" if note else "")
    unexpected = said.get("partial_unexpected_list") or (said.get("details") or {}).get("mismatched")
    if unexpected and outcome is Outcome.FAIL:
        note += f"{', ' if note else ''}unexpected: {str(unexpected)[:120]}"
    if outcome is Outcome.FAIL and not note and value is None:
        note = f"it does not hold{_arguments(wanted)}"
    return Check(id_, ", ".join(_columns(wanted)), wanted.name, outcome, value, threshold, direction, note)


def _bound(wanted: Expectation, value: float | None) -> tuple[float | None, str, str]:
    """The bound that the value breaks, else the one it is asked to keep; the other stands in the note."""
    low, high = (_number(wanted.arguments.get(key)) for key in ("min_value", "max_value"))
    if value is None or (low is None and high is None):
        exact = _number(wanted.arguments.get("value"))
        return (exact, "=", "") if exact is not None and value is not None else (None, "", "")
    both = f"allowed {low:g} to {high:g}" if low is not None and high is not None else ""
    strict = {"low": wanted.arguments.get("strict_min"), "high": wanted.arguments.get("strict_max")}
    if low is not None and (high is None or value < low or (strict["low"] and value == low)):
        return low, ">" if strict["low"] else ">=", both
    return high, "<" if strict["high"] else "<=", both


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or value is None:
        return None
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None


def _exception(info: Mapping[str, Any]) -> str:
    """The message in `exception_info`, whose shape is another when a metric broke; empty when nothing was raised."""
    if "raised_exception" in info:
        return str(info.get("exception_message") or "it raised") if info["raised_exception"] else ""
    messages = [_exception(entry) for entry in info.values() if isinstance(entry, Mapping)]
    return next((message for message in messages if message), "")


def _translated(errors: Iterable[Mapping[str, Any]]) -> str:
    """pydantic's findings for people, without the twin that only says that a suite parameter would do as well."""
    said = []
    for error in errors:
        if error["msg"] == "value is not a valid dict":
            continue
        where = ".".join(str(part) for part in error["loc"] if part != "__root__")
        said.append(f"`{where}`: {error['msg']}" if where else str(error["msg"]))
    return "; ".join(said) or "its arguments do not fit"


def _error(wanted: Expectation, id_: str, note: str) -> Check:
    return Check(id_, ", ".join(_columns(wanted)), wanted.name, Outcome.ERROR, note=note)


def _name(wanted: Expectation) -> str:
    return ".".join([wanted.name, *_columns(wanted)])


def _arguments(wanted: Expectation) -> str:
    said = ", ".join(f"{key} {str(value)[:80]}" for key, value in wanted.arguments.items() if key not in _ONE)
    return f" with {said}" if said else ""
