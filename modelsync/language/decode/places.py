"""`secrets:` and `remotes:`: where what is kept elsewhere can be found, never what it is."""

from __future__ import annotations

from modelsync.core.diagnostics import Related
from modelsync.language import secrecy
from modelsync.language.decode.body import Body
from modelsync.language.model import Remote
from modelsync.language.model import Secret as SecretPlace
from modelsync.language.shapes import Fields, Flag, Key, Named, Secret, Text
from modelsync.language.text.nodes import Scalar

STORES = ("env", "file", "aws", "vault")


def _secret(body: Body) -> SecretPlace | None:
    written = [item.key.text for item in body.node.items if item.key.text in STORES]
    if not written:
        message = f"{body.what} does not say where it lies"
        body.fault("MS102", body.node.at, message, "add `env: VARIABLE`, `file:`, `aws:` or `vault:`")
        return None
    for extra in written[1:]:
        message = f"{body.what} lies in two places, `{written[0]}` and `{extra}`"
        body.fault("MS109", body.key_at(extra), message, "keep one")
    node = body.node_of(written[0])
    if isinstance(node, Scalar) and secrecy.looks_secret(node.text):
        message = f"`{written[0]}` of {body.what} looks like the secret itself"
        body.fault("MS602", node.at, message, "name where it lies, such as `env: CHAT_HOOK`, and change the secret")
        return None
    found = body.get(written[0])
    return None if found is None else SecretPlace(body.name, written[0], found, body.at)


SECRET = Fields(
    {
        "env": Key(
            Text(r"[A-Za-z_][A-Za-z0-9_]*", "the name of a variable, such as `CHAT_HOOK`", "CHAT_HOOK"),
            "The variable of the environment that holds it.",
        ),
        "file": Key(Text(), "The file that holds it, such as one that a container mounts."),
        "aws": Key(Text(), "Its name in AWS Secrets Manager."),
        "vault": Key(Text(), "Its path in HashiCorp Vault, such as `secret/data/churn#hook`."),
        "description": Key(Text(), "What it is for."),
    },
    _secret,
)

_SCHEMES = ("s3://", "gs://", "https://", "http://", "file://")


def _remote(body: Body) -> Remote | None:
    url = body.get("url")
    if url is None:
        return None
    if secrecy.looks_secret(url):
        message = f"`url` of {body.what} holds a password"
        body.fault("MS602", body.value_at("url"), message, "give it as `credentials: {name: secrets.name}`")
        return None
    if "://" in url and not url.startswith(_SCHEMES):
        message = f"`url` of {body.what} has the unknown scheme `{url.partition('://')[0]}`"
        body.fault("MS105", body.value_at("url"), message, f"it can be {', '.join(_SCHEMES)}, or a folder")
        return None
    return Remote(
        name=body.name,
        url=url,
        at=body.at,
        default=body.get("default", False),
        endpoint=body.get("endpoint", ""),
        region=body.get("region", ""),
        credentials=body.get("credentials", {}),
    )


REMOTE = Fields(
    {
        "url": Key(
            Text(example="s3://bucket/folder"),
            "An `s3://`, `gs://` or `http(s)://` address, or a folder.",
            required=True,
            example="s3://bucket/folder",
        ),
        "default": Key(Flag(), "Whether `push` and `pull` mean this one.", default=False),
        "endpoint": Key(Text(), "The address of an S3-compatible server that is not Amazon's."),
        "region": Key(Text(), "The region of the bucket."),
        "credentials": Key(
            Named(Secret(), "credential", within=True), "Secrets by the provider's own name of the option."
        ),
        "description": Key(Text(), "What it is for."),
    },
    _remote,
    short="url",
)


def one_default(body: Body) -> None:
    """Two remotes can't both be the one that is meant without a name."""
    remotes: dict[str, Remote] = body.get("remotes", {})
    defaults = [remote for remote in remotes.values() if remote.default]
    for extra in defaults[1:]:
        message = f"remotes `{defaults[0].name}` and `{extra.name}` are both the default"
        related = (Related(defaults[0].at, f"`{defaults[0].name}` stands here"),)
        body.context.fault("MS109", extra.at, message, "keep `default: true` at one", related=related)
