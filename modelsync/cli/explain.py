"""`modelsync explain`: what a code of a finding means, with an example that is wrong and one that is right."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import click

from modelsync.core.diagnostics import Severity

_WIDEST = 100  # columns: longer lines are hard to read


@click.command("explain")
@click.argument("code", required=False)
def command(code: str | None) -> None:
    """Say what CODE means: what was found, why it matters, how it looks wrong and right.

    CODE is the number of a finding, such as MS506 or 506. Without it all codes are listed.
    """
    from modelsync.cli.printing import put

    put("\n".join(_list() if code is None else _entry(code)))


def _list() -> Iterator[str]:
    from modelsync.api.explaining import families

    for about, entries in families().items():
        yield click.style(about, bold=True)
        for entry in entries:
            mark = click.style("  warning", fg="yellow") if entry.severity is Severity.WARNING else ""
            yield f"  {click.style(entry.code, fg='cyan')}  {entry.title}{mark}"
        yield ""
    yield "`modelsync explain MS506` says more about one of them."


def _entry(code: str) -> Iterator[str]:
    from modelsync.api.explaining import find, title

    entry = find(code)
    tone = "yellow" if entry.severity is Severity.WARNING else "red"
    yield f"{click.style(f'{entry.severity}[{entry.code}]', fg=tone, bold=True)}: {click.style(entry.title, bold=True)}"
    yield ""
    yield from _wrapped(entry.meaning)
    yield ""
    yield from _wrapped(f"Why: {entry.why}")
    for about, example, colour in (("Wrong", entry.bad, "red"), ("Right", entry.good, "green")):
        yield ""
        yield click.style(about, fg=colour, bold=True)
        yield from (f"    {line}".rstrip() for line in example.splitlines())
    if entry.see:
        yield ""
        yield "See also: " + ", ".join(f"{other} ({title(other)})" for other in entry.see)


def _wrapped(text: str) -> list[str]:
    import textwrap

    width = min(shutil.get_terminal_size().columns, _WIDEST)
    return textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)
