"""`modelsync check`: every fault of some specs, with its place and a way out."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

import click

from modelsync.cli.faces import FACES
from modelsync.cli.options import overrides, param_option
from modelsync.core.errors import ExitCode, ModelSyncError, UsageError

STDIN = Path("-")
UNNAMED = Path("<stdin>")


@click.command("check")
@click.argument("specs", nargs=-1, type=click.Path(path_type=Path, allow_dash=True))
@param_option
@click.option(
    "--format",
    "form",
    type=click.Choice(list(FACES)),
    default="text",
    show_default=True,
    help="text for people; json for editors, sarif for code scanning, github for marks in a pull request.",
)
@click.option("--fix", is_flag=True, help="Put in the mends marked (fixable), then check again.")
@click.option("--watch", is_flag=True, help="Check again whenever a file changes; Ctrl-C ends it.")
@click.option("--stdin-path", type=click.Path(path_type=Path), help="The file that `-` (standard input) stands for.")
def command(
    specs: tuple[Path, ...], params: tuple[str, ...], form: str, fix: bool, watch: bool, stdin_path: Path | None
) -> int:
    """Say everything that is wrong with SPECS, and how to mend it. Runs nothing, imports no heavy library.

    SPECS are files, and folders for every modelsync.yaml below them; without any, all of the project here. A single
    `-` reads standard input.
    """
    from modelsync.api.checking import Report, check, check_text
    from modelsync.api.mending import mend
    from modelsync.cli.printing import put

    given = overrides(params)
    if STDIN in specs:
        _refuse_beside_stdin(specs, fix=fix, watch=watch)
        report = check_text(stdin_path or UNNAMED, _stdin(), given)
    elif stdin_path is not None:
        raise UsageError("`--stdin-path` names what standard input stands for, and it is not read", help="add `-`")
    elif watch:
        return _watch(specs, given, form, fix)
    else:
        report = mend(specs, given) if fix else Report(check(specs, given))
    put(import_module(f"modelsync.cli.faces.{FACES[form]}").face(report))
    return int(ExitCode.SPEC if report.errors else ExitCode.DONE)


def _refuse_beside_stdin(specs: tuple[Path, ...], *, fix: bool, watch: bool) -> None:
    if len(specs) > 1:
        raise UsageError("`-` is standard input and stands alone", help="check the other specs apart from it")
    if fix:
        raise UsageError("`--fix` writes into a file, and `-` is none", help="`--format json` has the mends as edits")
    if watch:
        raise UsageError("`--watch` looks at files, and `-` is none", help="name the spec")


def _stdin() -> bytes:
    from modelsync.language.text.source import MAX_BYTES

    return sys.stdin.buffer.read(MAX_BYTES + 1)


def _watch(specs: tuple[Path, ...], given: Mapping[str, str], form: str, fix: bool) -> int:
    """Check until the person ends it; a spec that can't be found for a while is told and waited for."""
    from modelsync.api.checking import Report, check
    from modelsync.api.mending import mend
    from modelsync.api.watching import Watch
    from modelsync.cli.faces.text import face
    from modelsync.cli.faces.words import count
    from modelsync.cli.printing import put

    if form != "text":
        raise UsageError(f"`--watch` is for people and says text, not {form}", help="leave one of the two out")
    watched, has_begun = Watch(specs), False
    try:
        while True:
            try:
                report = mend(specs, given) if fix else Report(check(specs, given))
                watched.checked(report.checked, report.mended)
                said = face(report)
            except ModelSyncError as error:
                if not has_begun:
                    raise
                said = f"{click.style('error: ', fg='red', bold=True)}{error.message}"
            has_begun = True
            click.clear()  # on a terminal only
            now = f"{time.strftime('%H:%M:%S')} watching {count(len(watched), 'file')}, Ctrl-C ends"
            put(f"{said}\n{click.style(now, dim=True)}")
            sys.stdout.flush()
            watched.wait()
    except KeyboardInterrupt:  # how a watch ends
        if sys.stdout.isatty():
            put("")
        return int(ExitCode.INTERRUPTED)
