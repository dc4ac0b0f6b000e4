"""The commands as one group, and the one place where errors become words and exit codes."""

from __future__ import annotations

import os
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from modelsync import __version__
from modelsync.cli import COMMANDS
from modelsync.core.errors import ExitCode, ModelSyncError, SpecError


class _Commands(click.Group):
    """A group whose help needs no command's module."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for name in COMMANDS if name != "validate"]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"modelsync.cli.{COMMANDS[cmd_name][0]}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in self.list_commands(ctx)])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from modelsync.core.nearest import nearest

            near = nearest(args[0], COMMANDS)
            if near:
                raise click.UsageError(f"{error.message} Did you mean `{near}`?", ctx) from error
            raise


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="modelsync")
def modelsync() -> None:
    """One YAML file says how a model is made, checked, versioned, promoted and deployed.

    Start with `modelsync init`, or run a spec with `modelsync run specs/NAME/modelsync.yaml`.
    """


def run(arguments: Sequence[str], seen: object = None) -> int:
    """Run one command and give its exit code; every error ends here as a line for people.

    `seen` is handed to the command: what was looked at before it was known that this would not do.
    """
    try:
        answer: Any = modelsync.main(list(arguments), prog_name="modelsync", standalone_mode=False, obj=seen)
        return int(answer) if isinstance(answer, int) else int(ExitCode.DONE)
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except click.ClickException as error:
        error.show()
        return int(ExitCode.USAGE)
    except (KeyboardInterrupt, click.Abort):
        click.echo("interrupted", err=True)
        return int(ExitCode.INTERRUPTED)
    except SystemExit:  # how click ends when a pager was closed, which is no fault
        return int(ExitCode.DONE)
    except SpecError as error:
        _show_faults(error)
        return int(error.exit_code)
    except ModelSyncError as error:
        _show(error.message, error.help)
        return int(error.exit_code)
    except OSError as error:
        _show(f"{type(error).__name__}: {error}", "look at the disk, the path and its permissions")
        return int(ExitCode.SURROUNDINGS)
    except Exception as error:
        _show(
            f"ModelSync has a fault of its own: {type(error).__name__}: {error}",
            f"the full story is in {_write_crash()}; please report it",
        )
        return int(ExitCode.INTERNAL)


def _show(message: str, help: str) -> None:
    click.echo(click.style("error: ", fg="red", bold=True) + message, err=True)
    if help:
        click.echo(click.style("  help: ", fg="cyan") + help, err=True)


def _show_faults(error: SpecError) -> None:
    from modelsync.cli.faces.text import show

    show(error.diagnostics, err=True)


def _write_crash() -> Path:
    """Keep the traceback: beside a project's other logs, or among the system's temporary files."""
    import tempfile  # these two take 7 ms to import, and only a crash needs them
    import traceback

    logs = Path.cwd() / ".modelsync" / "logs"
    log = logs / "crash.log" if logs.is_dir() else Path(tempfile.gettempdir()) / f"modelsync-crash-{os.getpid()}.log"
    with log.open("a") as handle:
        traceback.print_exc(file=handle)
    return log
