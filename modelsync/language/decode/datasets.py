"""`datasets:`: where rows come from, the shape they promise, and how their versions move."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from modelsync.core.contract import Column, ColumnType, Contract, Role
from modelsync.language.decode import literals
from modelsync.language.decode.context import Context
from modelsync.language.decode.fields import Fields, fields
from modelsync.language.decode.versioning import DATASET_RULES, rules
from modelsync.language.model import Dataset
from modelsync.language.nodes import Item, Mapping, Node, Scalar

FORMATS = (".csv", ".parquet", ".jsonl")
_COLUMN_KEYS = ("type", "nullable", "values", "min", "max", "role", "positive")
_VALUE_TYPES: dict[ColumnType, tuple[type, ...]] = {
    ColumnType.STRING: (str,),
    ColumnType.CATEGORY: (str, int, bool),
    ColumnType.DATETIME: (str,),
    ColumnType.INT: (int,),
    ColumnType.FLOAT: (int, float),
    ColumnType.BOOL: (bool,),
}


def dataset(context: Context, item: Item) -> Dataset | None:
    """One dataset, None when it has no usable source."""
    name = item.key.text
    body = fields(
        context, item.value, f"dataset `{name}`", ("source", "tags", "contract", "versioning"), ("freshness",)
    )
    if body is None:
        return None
    context.nodes["datasets", name] = body.node
    source = _source(body)
    contract = _contract(body)
    versioning = body.section("versioning", ("rules",))
    own = rules(versioning, "dataset", name) if versioning is not None else None
    tags = tuple(tag for tag, _ in body.texts("tags"))
    if source is None:
        return None
    written, node = source
    path = context.path(written, node.at)
    if path is None:
        return None
    return Dataset(name, written, path, contract, DATASET_RULES if own is None else own, tags, item.key.at, node.at)


def _source(body: Fields) -> tuple[str, Scalar] | None:
    node = body.node_of("source", required=True)
    if isinstance(node, Mapping):
        body.context.fault("MS110", node.at, "a source that is a query is not supported yet", _ONE_FILE)
        return None
    written = body.text("source")
    if written is None or not isinstance(node, Scalar):
        return None
    if later := _later(written):
        body.context.fault("MS110", node.at, f"a source that is {later} is not supported yet", _ONE_FILE)
        return None
    return written, node


_ONE_FILE = f"name one local file that ends in {', '.join(FORMATS)}"


def _later(source: str) -> str:
    if "://" in source:
        return "an address"
    if any(sign in source for sign in "*?["):
        return "a pattern"
    suffix = PurePosixPath(source).suffix.lower()
    if source.endswith("/") or not suffix:
        return "a folder"
    return "" if suffix in FORMATS else f"a `{suffix}` file"


def _contract(body: Fields) -> Contract | None:
    section = body.section("contract", ("key", "columns"))
    if section is None:
        return None
    node = section.node_of("columns", required=True)
    items = node.items if isinstance(node, Mapping) else ()
    if node is not None and not items:
        section.items("columns")
        section.context.fault("MS104", node.at, f"`columns` of {section.what} must name at least one column")
    columns = {item.key.text: column for item in items if (column := _column(section, item)) is not None}
    declared = {item.key.text for item in items}
    key = section.texts("key")
    for name, at in key:
        if name not in declared and items:
            message = f"key column `{name}` is not in `columns` of {body.what}"
            section.context.unknown("MS503", at.at, message, name, declared, "columns")
    labels = [item.key for item in items if item.key.text in columns and columns[item.key.text].role is Role.LABEL]
    for extra in labels[1:]:
        message = f"{body.what} has two label columns, `{labels[0].text}` and `{extra.text}`"
        section.context.fault("MS109", extra.at, message, "a contract has one `role: label`")
    return Contract(columns, tuple(name for name, _ in key))


def _column(section: Fields, item: Item) -> Column | None:
    context, name = section.context, item.key.text
    what = f"column `{name}`"
    if isinstance(item.value, Scalar) and isinstance(item.value.value, str):  # the short form `age: int`
        kind = literals.choice(context, item.value, f"`type` of {what}", list(ColumnType))
        return None if kind is None else Column(name, ColumnType(kind))
    body = fields(context, item.value, what, _COLUMN_KEYS)
    if body is None:
        return None
    written = body.choice("type", list(ColumnType), required=True)
    role = Role(body.choice("role", list(Role)) or Role.FEATURE)
    if written is None:  # its values can't be judged without a type; its name and role are still known
        return Column(name, ColumnType.STRING, role=role)
    kind = ColumnType(written)
    values = tuple(_value(body, node, kind, "values") for node in body.listed("values")) if body.has("values") else None
    low, high = _bounds(body, kind)
    positive = _positive(body, kind, role, values)
    nullable = body.boolean("nullable", default=True)
    return Column(name, kind, nullable, values, low, high, role, positive)


def _bounds(body: Fields, kind: ColumnType) -> tuple[float | None, float | None]:
    numeric = kind in (ColumnType.INT, ColumnType.FLOAT)
    for key in ("min", "max"):
        if (node := body.node.key(key)) is not None and not numeric:
            message = f"`{key}` does not go with type {kind} in {body.what}"
            body.context.fault("MS109", node.at, message, "only int and float columns have bounds")
    return body.bounds() if numeric else (None, None)


def _positive(body: Fields, kind: ColumnType, role: Role, values: tuple[Any, ...] | None) -> Any:
    node = body.node.get("positive")
    if node is None:
        return None
    if role is not Role.LABEL:
        message = f"`positive` only goes with `role: label` in {body.what}"
        body.context.fault("MS109", node.at, message, "add `role: label`")
    found = _value(body, node, kind, "positive")
    if values is not None and found is not None and found not in values:
        listed = ", ".join(str(value) for value in values)
        message = f"`positive` of {body.what} is never `{found}`"
        body.context.fault("MS105", node.at, message, f"its values are {listed}")
    return found


def _value(body: Fields, node: Node, kind: ColumnType, key: str) -> Any:
    """A literal of the column's type; text columns take plain numbers as they are written."""
    found = literals.value(body.context, node)
    if found is literals.FAULT:
        return None
    wanted = _VALUE_TYPES[kind]
    if kind in (ColumnType.STRING, ColumnType.DATETIME) and isinstance(node, Scalar) and not isinstance(found, bool):
        return found if isinstance(found, str) else node.text
    if not isinstance(found, wanted) or (isinstance(found, bool) and bool not in wanted):
        message = f"`{key}` of {body.what} must hold {kind} values, not `{found}`"
        help = "write `true` or `false`" if kind is ColumnType.BOOL else ""
        body.context.fault("MS103", node.at, message, help)
        return None
    return found
