"""Contracts held against tables, and against the contract before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from modelsync.core.contract import Column, ColumnType, Contract
from modelsync.core.nearest import nearest
from modelsync.core.verdict import Check, Outcome
from modelsync.data import schema

if TYPE_CHECKING:
    import pandas as pd

_EXAMPLES = 3


def violations(frame: pd.DataFrame, contract: Contract) -> tuple[Check, ...]:
    """Every broken promise, one check for each column and rule; empty when the table keeps the contract.

    `value` is the number of rows that break the rule, `note` shows up to three examples. Columns that the contract
    does not name are no fault.
    """
    found: list[Check] = []
    if not len(frame):
        found.append(Check("rows", "table", "rows", Outcome.FAIL, 0.0, 1.0, ">=", "the table has no rows"))
    for column in contract.columns.values():
        if column.name not in frame.columns:
            found.append(_missing(column.name, frame))
        else:
            found.extend(_column(frame[column.name], column))
    if contract.key:
        found.extend(_key(frame, contract.key))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class ContractChange:
    """What a new contract takes from those who rely on the old one, and what it adds, in short sentences."""

    breaking: tuple[str, ...] = ()
    extended: tuple[str, ...] = ()


def compare(old: dict[str, Any] | None, new: dict[str, Any] | None) -> ContractChange:
    """The change between two contracts in the form of `Contract.to_json`, seen by those who use the old one.

    Breaking: a column they read is gone or means something else, or rows that were welcome now are refused (narrower
    type, values or range, no more missing values, another key). Extended: everything that held still holds, and there
    is more (a new column, wider limits). No contract at all promises nothing.
    """
    if not (old or {}).get("columns") and not (new or {}).get("columns"):
        return ContractChange()
    if old is None:
        return ContractChange(extended=("a contract was added",))
    if new is None:
        return ContractChange(breaking=("the contract was removed",))
    found = list(_changes(old, new))
    return ContractChange(
        breaking=tuple(sentence for breaks, sentence in found if breaks),
        extended=tuple(sentence for breaks, sentence in found if not breaks),
    )


def _counted(id_: str, subject: str, statistic: str, count: int, note: str) -> Check:
    return Check(id_, subject, statistic, Outcome.FAIL, float(count), 0.0, "<=", note)


def _missing(name: str, frame: pd.DataFrame) -> Check:
    near = nearest(name, (str(column) for column in frame.columns))
    note = "the table has no such column" + (f"; did the file mean `{near}`?" if near else "")
    return Check(f"{name}.exists", name, "column", Outcome.FAIL, note=note)


def _column(values: pd.Series, column: Column) -> Iterator[Check]:
    unfit = _unfit(values, column.type)
    if unfit is not None:
        yield _rows(values, unfit, column.name, "type", f"values that are no {column.type}")
        return
    if not column.nullable and values.isna().any():
        yield _rows(values, values.isna(), column.name, "nullable", "missing values")
    if column.values is not None:
        allowed = {_level(value) for value in column.values}
        present = values.dropna()
        strange = ~present.map(_level).isin(allowed).astype(bool)
        if strange.any():
            yield _rows(present, strange, column.name, "values", "values outside the set")
    if schema.type_of(values) in (ColumnType.INT, ColumnType.FLOAT):
        yield from _limits(values.dropna(), column)


def _limits(present: pd.Series, column: Column) -> Iterator[Check]:
    if column.min is not None and (present < column.min).any():
        yield _rows(present, present < column.min, column.name, "min", f"values below {column.min:g}")
    if column.max is not None and (present > column.max).any():
        yield _rows(present, present > column.max, column.name, "max", f"values above {column.max:g}")


def _key(frame: pd.DataFrame, key: tuple[str, ...]) -> Iterator[Check]:
    subject = ", ".join(key)
    lost = [name for name in key if name not in frame.columns]
    if lost:
        yield _counted("key.exists", subject, "key columns missing", len(lost), f"no column {_list(lost)}")
        return
    repeated = frame.duplicated(subset=list(key), keep=False)
    if repeated.any():
        rows = frame.loc[repeated, list(key)].drop_duplicates().head(_EXAMPLES)
        shown = "; ".join(", ".join(str(value) for value in row) for row in rows.itertuples(index=False))
        count = int(frame.duplicated(subset=list(key)).sum())
        yield _counted("key.unique", subject, "repeated keys", count, f"e.g. {shown}")


def _rows(values: pd.Series, broken: pd.Series, column: str, rule: str, statistic: str) -> Check:
    """The check that says how many rows break a rule; rows count from 1, as the data lines of a file do."""
    import numpy as np

    places = np.flatnonzero(broken.to_numpy(dtype=bool))[:_EXAMPLES]
    shown = ", ".join(
        f"row {_row(values.index[place])}" + ("" if rule == "nullable" else f": {str(values.iloc[place])[:40]}")
        for place in places
    )
    return _counted(f"{column}.{rule}", column, statistic, int(broken.sum()), f"e.g. {shown}")


def _row(label: Any) -> Any:
    return int(label) + 1 if isinstance(label, int) else label


def _unfit(values: pd.Series, wanted: ColumnType) -> pd.Series | None:
    """The rows whose value is no `wanted`, None when the column as a whole is of that type."""
    own = schema.type_of(values)
    if own is wanted or values.isna().all() or (own, wanted) in _AS_GOOD:
        if own is not ColumnType.STRING or wanted not in (ColumnType.STRING, ColumnType.CATEGORY):
            return None
        unfit = values.notna() & ~values.map(lambda value: isinstance(value, str)).astype(bool)
        return unfit if unfit.any() else None
    if own is not ColumnType.STRING:
        return values.notna()
    known: dict[str, bool] = {}  # each different text once: a column of a million rows often has a thousand

    def fits(value: Any) -> bool:
        text = repr(value)
        if text not in known:
            known[text] = _fits(value, wanted)
        return known[text]

    unfit = values.notna() & ~values.map(fits).astype(bool)
    return unfit if unfit.any() else values.notna()


# What a reader of the wanted type can use as it is.
_AS_GOOD = {
    (ColumnType.INT, ColumnType.FLOAT),
    (ColumnType.STRING, ColumnType.CATEGORY),
    (ColumnType.CATEGORY, ColumnType.STRING),
}


def _fits(value: Any, wanted: ColumnType) -> bool:
    """Whether one value alone could be read as `wanted`: the rule of `columns.convert`, value by value."""
    import pyarrow as pa

    from modelsync.data import columns

    try:
        found = columns.convert(pa.chunked_array([pa.array([value])]), wanted)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return False
    return schema.type_of(columns.to_series(found)) is wanted or bool(found.null_count)


def _level(value: Any) -> str:
    """A level as text, so that 1, 1.0 and `1` in data and contract are one level."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = str(value)
    return text.lower() if text in ("True", "False") else text


_WIDER_TYPE = {("int", "float"), ("category", "string"), ("bool", "category"), ("bool", "string")}


_Change = tuple[bool, str]  # whether it breaks those who use the old contract, and the sentence that says it


def _changes(old: dict[str, Any], new: dict[str, Any]) -> Iterator[_Change]:
    before, after = old["columns"], new["columns"]
    yield from ((True, f"column `{name}` was removed") for name in before if name not in after)
    yield from ((False, f"column `{name}` was added") for name in after if name not in before)
    for name in before:
        if name in after:
            yield from _column_changes(name, before[name], after[name])
    if list(old.get("key") or ()) != list(new.get("key") or ()):
        yield True, f"the key changed from {_list(old.get('key'))} to {_list(new.get('key'))}"


def _column_changes(name: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[_Change]:
    if old["type"] != new["type"]:
        wider = (old["type"], new["type"]) in _WIDER_TYPE
        yield not wider, f"`{name}`: type {old['type']} became {new['type']}"
    if old.get("nullable", True) != new.get("nullable", True):
        allowed = new.get("nullable", True)
        yield not allowed, f"`{name}`: missing values are now {'allowed' if allowed else 'refused'}"
    yield from _value_changes(name, old.get("values"), new.get("values"))
    for which in ("min", "max"):
        if old.get(which) != new.get(which):
            narrower = _narrower(which, old.get(which), new.get(which))
            yield narrower, f"`{name}`: {which} {_bound(old.get(which))} became {_bound(new.get(which))}"
    for what in ("role", "positive"):
        if old.get(what) != new.get(what):
            yield True, f"`{name}`: {what} {old.get(what)!r} became {new.get(what)!r}"


def _value_changes(name: str, old: list[Any] | None, new: list[Any] | None) -> Iterator[_Change]:
    if old is None and new is not None:
        yield True, f"`{name}`: only {_list(new)} allowed now"
    elif old is not None and new is None:
        yield False, f"`{name}`: any value allowed now"
    elif old is not None and new is not None:
        before, after = {_level(value) for value in old}, {_level(value) for value in new}
        if before - after:
            yield True, f"`{name}`: {_list(sorted(before - after))} no longer allowed"
        if after - before:
            yield False, f"`{name}`: {_list(sorted(after - before))} allowed as well"


def _narrower(which: str, old: float | None, new: float | None) -> bool:
    if old is None or new is None:
        return old is None
    return new > old if which == "min" else new < old


def _bound(value: float | None) -> str:
    return "none" if value is None else f"{value:g}"


def _list(values: Any) -> str:
    return ", ".join(f"`{value}`" for value in values or ()) or "none"
