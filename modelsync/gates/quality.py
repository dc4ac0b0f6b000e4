"""Quality: the spec's expectations of a table, decided by Great Expectations."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from modelsync.core.checks import Expectation
from modelsync.core.nearest import nearest
from modelsync.core.verdict import Check, Outcome
from modelsync.gates import libraries, patterns, sides
from modelsync.gates.question import Answer, GateError, Question, numbered

if TYPE_CHECKING:
    import pandas as pd

_ONE = ("column", "column_A", "column_B")
_EXAMPLES = 3
_CHECK = "check"  # the key in an expectation's `meta` that carries our id: results come back in another order

# These ask for the names of the columns alone, so one row with all of them will do.
_NAMES = ("expect_table_column", "expect_column_to_exist")
# In a condition any column may occur.
_CONDITION = "row_condition"
_WITHOUT_ROWS = ("expect_table_", "expect_column_to_exist")

# Great Expectations answers these inside a SQL database alone, and a gate's table lies in files.
_CUSTOM = "say it as another expectation with a `row_condition`, or in a custom gate"
_SQL_ONLY = {
    "expect_query_results_to_match_comparison": _CUSTOM,
    "expect_table_row_count_to_equal_other_table": "use `expect_table_row_count_to_equal`, or a custom gate",
    "unexpected_rows_expectation": _CUSTOM,
}


def answer(question: Question) -> Answer:
    """One check for each expectation: the share of unexpected values, or the value that was observed."""
    frame = _table(question)
    gx, registry = libraries.great_expectations()
    entries, wanted = question.asked(Expectation), _wanted(question)
    found = {id_: _build(registry, expectation, id_, frame) for id_, expectation in wanted.items()}
    asked = {id_: built for id_, built in found.items() if not isinstance(built, Check)}
    by_names = {id_: built for id_, built in asked.items() if wanted[id_].name.startswith(_NAMES)}
    by_values = {id_: built for id_, built in asked.items() if id_ not in by_names}
    for part, rows in ((by_names, frame.head(1)), (by_values, _needed(frame, [wanted[id_] for id_ in by_values]))):
        for result in _validate(gx, rows, part).results if part else ():  # in another order than asked
            id_ = result.expectation_config.meta[_CHECK]
            found[id_] = _check(wanted[id_], id_, result)
    checks = (replace(found[id_], asked=place) for id_, (place, _) in zip(wanted, entries, strict=True))
    return Answer(
        checks=tuple(_counted(check, wanted[check.id], frame) for check in checks),
        params={"expectations": [{entry.name: dict(entry.arguments)} for _, entry in entries]},
        engine=f"great-expectations {gx.__version__}",
    )


def validation(question: Question) -> Any:
    """Great Expectations' own result of those expectations that it can decide, for its own page; GateError if none."""
    frame, wanted = _table(question), _wanted(question)
    gx, registry = libraries.great_expectations()
    found = {id_: _build(registry, expectation, id_, frame) for id_, expectation in wanted.items()}
    asked = {id_: built for id_, built in found.items() if not isinstance(built, Check)}
    if not asked:
        raise GateError("Great Expectations could decide none of these expectations")
    return _validate(gx, frame, asked)


def _table(question: Question) -> pd.DataFrame:
    if question.table is None:
        raise GateError(f"gate `{question.gate}` was given no table; a quality gate needs one")
    try:
        return sides.named(question.table, "table")
    except ValueError as error:
        raise GateError(str(error)) from error


def _wanted(question: Question) -> dict[str, Expectation]:
    """The expectations by the id of their check."""
    entries = [entry for _, entry in question.asked(Expectation)]
    return dict(zip(numbered(map(_name, entries)), entries, strict=True))


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
    if wanted.name in _SQL_ONLY:
        said = "Great Expectations answers it only inside a SQL database, and this table is none"
        return _error(wanted, id_, f"{said}; {_SQL_ONLY[wanted.name]}")
    try:
        with libraries.expecting():
            built = registry.get_expectation_impl(wanted.name)(**wanted.arguments, meta={_CHECK: id_})
            if wanted.name in patterns.LIKE:
                name, arguments = patterns.as_regex(wanted.name, wanted.arguments)
                return registry.get_expectation_impl(name)(**arguments, meta={_CHECK: id_})
            return built
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
        if _CONDITION in expectation.arguments:
            return frame
        names.update(_columns(expectation))
    kept = [name for name in frame.columns if name in names] or list(frame.columns[:1])
    return frame[kept]


def _validate(gx: Any, frame: pd.DataFrame, asked: Mapping[str, Any]) -> Any:
    with libraries.expecting():
        context = gx.get_context(mode="ephemeral")
        context.variables.progress_bars = {"globally": False}
        asset = context.data_sources.add_pandas("tables").add_dataframe_asset("table")
        batch = asset.add_batch_definition_whole_dataframe("whole").get_batch({"dataframe": frame})
        suite = gx.ExpectationSuite(name="gate", expectations=list(asked.values()))
        return batch.validate(suite, result_format="SUMMARY")


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
    examples = [_plain(value)[:40] for value in said.get("partial_unexpected_list", ())[:_EXAMPLES]]
    note = f"{said['unexpected_count']:,} of {rows - missing:,} values"
    if rows == missing:
        note = "every value is missing, so there was none to look at"
        outcome = Outcome.ERROR if rows else outcome  # the library takes it for a success
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
        bound="mostly",
    )


_KEYS = {">": "min_value", "<": "max_value"}


def _by_observation(wanted: Expectation, id_: str, outcome: Outcome, said: Mapping[str, Any]) -> Check:
    observed = said.get("observed_value")
    value = _number(observed)
    threshold, direction, note = _bound(wanted, value)
    if value is None and observed is not None:
        note = f"observed {_plain(observed)[:200]}" + (f", {note}" if note else "")
    unexpected = said.get("partial_unexpected_list") or (said.get("details") or {}).get("mismatched")
    if unexpected and outcome is Outcome.FAIL:
        note += f"{', ' if note else ''}unexpected: {_plain(unexpected)[:120]}"
    if outcome is Outcome.FAIL and value is None:
        note = f"{note or 'it does not hold'}{_arguments(wanted, 'asked' if note else 'with')}"
    between = any(_number(wanted.arguments.get(key)) is not None for key in _KEYS.values())
    subject, bound = ", ".join(_columns(wanted)), _KEYS.get(direction[:1], "") if between else ""
    return Check(id_, subject, wanted.name, outcome, value, threshold, direction, note, bound=bound)


def _counted(check: Check, wanted: Expectation, frame: pd.DataFrame) -> Check:
    """The same with its rows and missing values counted by us: of these the library counts only some, and not for all.

    Under a condition only its own count is right.
    """
    if check.outcome is Outcome.ERROR or _CONDITION in wanted.arguments:
        return check
    name = wanted.arguments.get("column")
    missing = int(frame[name].isna().sum()) if name in frame.columns else check.n_missing
    return replace(check, n=len(frame), n_missing=missing)


def _bound(wanted: Expectation, value: float | None) -> tuple[float | None, str, str]:
    """The bound that the value breaks, else the one it is asked to keep; the other stands in the note."""
    low, high = (_number(wanted.arguments.get(key)) for key in ("min_value", "max_value"))
    if value is None or (low is None and high is None):
        for key, direction in (("value", "="), ("threshold", "<=")):
            asked = _number(wanted.arguments.get(key))
            if asked is not None and value is not None:
                return asked, direction, ""
        return None, "", ""
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


def _arguments(wanted: Expectation, word: str) -> str:
    said = ", ".join(f"{key} {str(value)[:80]}" for key, value in wanted.arguments.items() if key not in _ONE)
    return f"{', ' if word == 'asked' else ' '}{word} {said}" if said else ""


def _plain(value: Any) -> str:
    """A value as people write it: the library shows numpy's own scalars inside tuples and maps."""
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{_plain(key)}: {_plain(each)}' for key, each in value.items())}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_plain, value))}]"
    return str(value)
