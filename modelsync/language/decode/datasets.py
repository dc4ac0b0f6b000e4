"""`datasets:`: where rows come from, the shape they promise, and how their versions move."""

from __future__ import annotations

from pathlib import PurePosixPath

from modelsync.core.records import record
from modelsync.language import secrecy
from modelsync.language.decode import versioning
from modelsync.language.decode.body import Body
from modelsync.language.decode.contracts import CONTRACT
from modelsync.language.delivery import SecretRef
from modelsync.language.model import Dataset, SourceKind
from modelsync.language.shapes import Duration, Either, Fields, Key, Many, Plain, Secret, Text

_SCHEMES = ("http", "https", "s3", "gs")


@record
class _Query:
    sql: str
    connection: SecretRef


def _query(body: Body) -> _Query | None:
    sql, connection = body.get("sql"), body.get("connection")
    return None if sql is None or connection is None else _Query(sql, connection)


def _dataset(body: Body) -> Dataset | None:
    body.context.nodes["datasets", body.name] = body.node
    source = body.get("source")
    if source is None:
        return None
    kind = SourceKind.QUERY if isinstance(source, _Query) else _kind(source)
    text = source.sql if isinstance(source, _Query) else source
    at = body.value_at("source")
    path = None
    if kind is SourceKind.URL and not _is_good_address(body, text):
        return None
    if kind in (SourceKind.FILE, SourceKind.FOLDER, SourceKind.GLOB):
        path = body.context.path(text, at)
        if path is None:
            return None
    return Dataset(
        name=body.name,
        source=text,
        kind=kind,
        path=path,
        contract=body.get("contract"),
        rules=body.get("versioning", {}).get("rules") or versioning.DATASET_RULES,
        tags=body.get("tags", ()),
        at=body.at,
        source_at=at,
        connection=source.connection if isinstance(source, _Query) else None,
        max_age=body.get("freshness", {}).get("max_age"),
        description=body.get("description", ""),
    )


def _kind(source: str) -> SourceKind:
    if "://" in source:
        return SourceKind.URL
    if any(sign in source for sign in "*?["):
        return SourceKind.GLOB
    is_folder = source.endswith("/") or not PurePosixPath(source).suffix
    return SourceKind.FOLDER if is_folder else SourceKind.FILE


def _is_good_address(body: Body, url: str) -> bool:
    scheme = url.partition("://")[0]
    at = body.value_at("source")
    if secrecy.looks_secret(url):
        message = f"`source` of {body.what} holds a password"
        body.fault(
            "MS602", at, message, "write `{sql: ..., connection: secrets.name}`, or leave the password to the provider"
        )
        return False
    if scheme not in _SCHEMES:
        message = f"`source` of {body.what} has the unknown scheme `{scheme}`"
        listed = ", ".join(f"`{each}://`" for each in _SCHEMES)
        body.fault("MS105", at, message, f"it can be {listed}; a query is `{{sql: ..., connection: secrets.name}}`")
        return False
    return True


_SOURCE = Either(
    Text(example="data/customers.csv"),
    Fields(
        {
            "sql": Key(
                Text(example="select * from customers"),
                "The query whose rows they are.",
                required=True,
                example="select * from customers",
            ),
            "connection": Key(
                Secret(),
                "The secret that holds the address of the database.",
                required=True,
                example="secrets.database",
            ),
        },
        _query,
    ),
)
FRESHNESS = Fields(
    {
        "max_age": Key(
            Duration(True, "h"), "How old the newest content may be, such as `36h`.", required=True, example="36h"
        )
    },
    short="max_age",
)
DATASET = Fields(
    {
        "source": Key(
            _SOURCE,
            "A file, folder, pattern, `http(s)://`, `s3://` or `gs://` address, or a query.",
            required=True,
            example="data/customers.csv",
        ),
        "description": Key(Text(), "What it holds, for people."),
        "tags": Key(Many(Plain(), one=True), "Words to find it by."),
        "contract": Key(CONTRACT, "The shape its rows promise; a break is a gate and a major version."),
        "freshness": Key(FRESHNESS, "How old its content may be."),
        "versioning": Key(versioning.DATASET, "When its own version grows, and by which part."),
    },
    _dataset,
)
