"""`modelsync config`: what a spec says, all of it, and where each line comes from."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import click

from modelsync.cli.options import overrides, param_option, spec_argument
from modelsync.language.resolved.tree import Table


@click.command("config")
@spec_argument
@param_option
@click.option("--resolved", "is_resolved", is_flag=True, help="Put params in, write short forms out, fill defaults in.")
@click.option("--show-origin", "is_traced", is_flag=True, help="Say beside each line where it comes from.")
@click.option("--format", "form", type=click.Choice(["yaml", "json"]), default="yaml", show_default=True)
def command(spec: Path | None, params: tuple[str, ...], is_resolved: bool, is_traced: bool, form: str) -> None:
    """Print SPEC with what it includes: as it is written, or with --resolved as it will be used.

    What is printed is a spec itself, in the place of SPEC. Secrets stay references; a value that looks like a secret
    is ***. An origin is a place, `default`, the param or variable that was put in, and what a value replaced.
    """
    from modelsync.api.configuring import merged, resolved
    from modelsync.cli.printing import put

    tree = (resolved if is_resolved else merged)(spec, overrides(params))
    put((_FORMS[form, is_traced](tree)).removesuffix("\n"))


def _yaml(tree: Table) -> str:
    from modelsync.language.resolved.paper import yaml

    return yaml(tree)


def _traced_yaml(tree: Table) -> str:
    from modelsync.language.resolved.paper import yaml_with_origins

    return yaml_with_origins(tree)


def _json(tree: Table) -> str:
    from modelsync.language.resolved.paper import plain

    return _dumped(plain(tree))


def _traced_json(tree: Table) -> str:
    """The spec, and the origin of each value by its JSON pointer."""
    from modelsync.language.resolved.paper import origins, plain

    return _dumped({"spec": plain(tree), "origins": {pointer: str(origin) for pointer, origin in origins(tree)}})


def _dumped(value: Any) -> str:
    """JSON that is YAML too: letters as they are, because YAML knows no pairs of surrogates; control signs escaped."""
    import json

    text = json.dumps(value, indent=2, ensure_ascii=False)
    return re.sub("[\x7f-\x9f\u2028\u2029\ufeff]", lambda found: f"\\u{ord(found.group()):04x}", text)


_FORMS = {("yaml", False): _yaml, ("yaml", True): _traced_yaml, ("json", False): _json, ("json", True): _traced_json}
