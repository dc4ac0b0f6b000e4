"""`${{ }}` in a text: what is put in, where it came from, and what must not be shown."""

from __future__ import annotations

import re
from collections.abc import Mapping

from modelsync.core.records import record
from modelsync.language import secrecy
from modelsync.language.decode.context import Context
from modelsync.language.resolved.tree import Leaf, Origin
from modelsync.language.text.nodes import Scalar
from modelsync.language.text.scalars import Value

HIDDEN = "***"
_OPENING = "${{"
_HOLE = re.compile(r"\$\{\{\s*(params|env)\.([A-Za-z_][A-Za-z0-9_]*)\s*\}\}")  # a matrix has another value each time


@record
class Outside:
    """The values that a spec is read with."""

    params: Mapping[str, Value]
    origins: Mapping[str, str]  # param -> `-p horizon=7` or `MODELSYNC_PARAM_HORIZON`; missing: its default
    environ: Mapping[str, str]

    def of(self, head: str, name: str) -> Value:
        """The value of `params.name` or `env.name`."""
        return self.params[name] if head == "params" else self.environ[name]

    def said(self, head: str, name: str) -> str:
        """Where it came from."""
        given = self.origins.get(name, "") if head == "params" else ""
        return f"{head}.{name} ({given})" if given else f"{head}.{name}"


def outside(context: Context) -> Outside:
    """What the spec of a context was read with."""
    params = {name: param.value for name, param in context.params.items()}
    given = {name: _given(name, each.said) for name, each in context.given.items()}
    return Outside(params, given, context.environ)


def _given(name: str, said: str) -> str:
    """`-p horizon=7`; of the environment only the name of the variable."""
    variable, _, _ = said.partition("=")
    if variable != name:
        return variable
    return f"-p {name}={HIDDEN}" if _is_secret(name, said.partition("=")[2]) else f"-p {said}"


def put_in(node: Scalar, outside: Outside, key: str = "") -> Leaf:
    """The value of a scalar with params and variables put in; a hole of a matrix stays, and so does a nested one.

    A hole that is the whole text keeps the type of the param. `key` is what the value stands under: what is put in
    under the name of a secret, or looks like one, is `***`.
    """
    found = _HOLE.findall(node.text)
    if not found:
        return Leaf(hidden(key="", value=node.value), Origin(node.at))
    if any(_OPENING in str(outside.of(*hole)) for hole in found):
        return Leaf(node.text, Origin(node.at))  # put in, it would be read as a hole of its own
    origin = Origin(node.at, tuple(dict.fromkeys(outside.said(*hole) for hole in found)))
    whole = _HOLE.fullmatch(node.text)
    value = outside.of(whole[1], whole[2]) if whole else _HOLE.sub(lambda hole: _text(outside, hole), node.text)
    names = [key, *(name for head, name in found if head == "params")]
    return Leaf(HIDDEN if any(_is_secret(name, value) for name in names) else value, origin)


def hidden(key: str, value: Value) -> Value:
    """The value, or `***` when it looks like a secret, or stands under the name of one."""
    return HIDDEN if _is_secret(key, value) else value


def _is_secret(name: str, value: Value) -> bool:
    return isinstance(value, str) and (secrecy.looks_secret(value) or (bool(value) and secrecy.names_a_secret(name)))


def _text(outside: Outside, hole: re.Match[str]) -> str:
    value = outside.of(hole[1], hole[2])
    return str(value).lower() if isinstance(value, bool) else str(value)
