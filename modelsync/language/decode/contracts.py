"""`contract:` of a dataset: its columns, their types and limits, and its key."""

from __future__ import annotations

from typing import Any

from modelsync.core.contract import Column, ColumnType, Contract, Role
from modelsync.language.decode import literals
from modelsync.language.decode.body import Body
from modelsync.language.shapes import Choice, Constant, Fields, Flag, Key, Many, Named, Number, Plain, Text
from modelsync.language.text.nodes import Mapping, Node, Scalar, kind_of

_VALUE_TYPES: dict[ColumnType, tuple[type, ...]] = {
    ColumnType.STRING: (str,),
    ColumnType.CATEGORY: (str, int, bool),
    ColumnType.DATETIME: (str,),
    ColumnType.INT: (int,),
    ColumnType.FLOAT: (int, float),
    ColumnType.BOOL: (bool,),
}


def _contract(body: Body) -> Contract:
    columns: dict[str, Column] = body.get("columns", {})
    _check_key(body)
    labels = [column for column in columns.values() if column.role is Role.LABEL]
    node = body.node.get("columns")
    for extra in labels[1:]:
        message = f"{body.place.owner} has two label columns, `{labels[0].name}` and `{extra.name}`"
        key = node.key(extra.name) if isinstance(node, Mapping) else None
        body.fault("MS109", body.node.at if key is None else key.at, message, "a contract has one `role: label`")
    return Contract(columns, body.get("key", ()))


def _check_key(body: Body) -> None:
    node, written = body.node.get("columns"), body.node.get("key")
    declared = {item.key.text for item in node.items} if isinstance(node, Mapping) else set()
    listed = (written,) if isinstance(written, Scalar) else getattr(written, "items", ())
    for each in listed:
        if not isinstance(each, Scalar) or isinstance(each.value, bool | None) or literals.OPENING in each.text:
            continue  # told already
        if declared and each.text not in declared:
            message = f"key column `{each.text}` is not in `columns` of {body.place.owner}"
            body.context.unknown("MS503", each.at, message, each.text, declared, "columns")


def _column(body: Body) -> Column:
    written, role = body.get("type"), Role(body.get("role", Role.FEATURE))
    node = body.node.get("type")
    is_guess = isinstance(node, Scalar) and node.text != written and literals.OPENING not in node.text
    if written is None or is_guess:  # its values can't be judged without a type; its name and role are still known
        return Column(body.name, ColumnType(written or ColumnType.STRING), role=role)
    kind = ColumnType(written)
    values = None
    if body.get("values") is not None:
        values = _values(body, kind)
    numeric = kind in (ColumnType.INT, ColumnType.FLOAT)
    because = f"does not go with type {kind}"
    body.only_with(("min", "max"), numeric, because, "only int and float columns have bounds")
    low, high = body.bounds() if numeric else (None, None)
    positive = _positive(body, kind, role, values)
    return Column(body.name, kind, body.get("nullable", True), values, low, high, role, positive)


def _values(body: Body, kind: ColumnType) -> tuple[Any, ...]:
    """The values that a column may hold, each once."""
    found: dict[tuple[type, Any], Any] = {}
    for node in body.get("values"):
        value = _value(body, node, kind, "values")
        if (type(value), value) in found:
            body.fault("MS109", node.at, f"`{value}` is listed twice in {body.named('values')}", "remove one")
        elif value is not None:
            found[type(value), value] = value
    return tuple(found.values())


def _positive(body: Body, kind: ColumnType, role: Role, values: tuple[Any, ...] | None) -> Any:
    node = body.node.get("positive")
    if node is None:
        return None
    known = not body.has("role") or body.get("role") is not None
    body.only_with(("positive",), role is Role.LABEL or not known, "only goes with `role: label`", "add `role: label`")
    found = _value(body, node, kind, "positive")
    if values is not None and found is not None and found not in values:
        listed = ", ".join(str(value) for value in values)
        message = f"`positive` of {body.what} is never `{found}`"
        body.fault("MS105", node.at, message, f"its values are {listed}")
    return found


def _value(body: Body, node: Node, kind: ColumnType, key: str) -> Any:
    """A literal of the column's type; text columns take plain numbers as they are written."""
    found = literals.value(body.context, node)
    if found is literals.FAULT:
        return None
    wanted = _VALUE_TYPES[kind]
    is_number = isinstance(found, int | float) and not isinstance(found, bool)
    if kind in (ColumnType.STRING, ColumnType.DATETIME) and isinstance(node, Scalar) and is_number:
        return node.text if literals.OPENING not in node.text else str(found)
    if not isinstance(found, wanted) or (isinstance(found, bool) and bool not in wanted):
        shown = f"`{node.text[:80]}`" if isinstance(node, Scalar) and found is not None else kind_of(node)
        message = f"`{key}` of {body.what} must hold {kind} values, not {shown}"
        help, fix = literals.truth_meant(node) if kind is ColumnType.BOOL else ("", None)
        body.context.fault("MS103", node.at, message, help, fix=fix)
        return None
    return found


COLUMN = Fields(
    {
        "type": Key(Choice(tuple(ColumnType)), "The type of its values.", required=True),
        "description": Key(Text(), "What it holds, for people."),
        "nullable": Key(Flag(), "Whether values may be missing.", default=True),
        "values": Key(Many(Constant(), least=1), "The only values it may hold."),
        "min": Key(Number(), "The least value of an int or float column."),
        "max": Key(Number(), "The largest value of an int or float column."),
        "role": Key(
            Choice(tuple(Role)), "What it is for: `label` is the truth, `id` is never a feature.", default="feature"
        ),
        "positive": Key(Constant(), "The value of the label that counts as positive."),
    },
    _column,
    short="type",
)
CONTRACT = Fields(
    {
        "key": Key(Many(Plain(), one=True), "The columns that together name a row."),
        "columns": Key(Named(COLUMN, "column", "any", least=1), "Every column by name.", required=True),
    },
    _contract,
)
