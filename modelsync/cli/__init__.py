"""Words on a screen: the table of commands, and the one place where errors become words and exit codes."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from modelsync import __version__
from modelsync.core.errors import ExitCode, ModelSyncError, SpecError

# name -> (module with the command, one line of help). The module is imported only when the command is used.
COMMANDS: Mapping[str, tuple[str, str]] = {
    "init": ("init", "Make a new project that runs at once."),
    "check": ("check", "Say everything that is wrong with a spec, and how to mend it."),
    "validate": ("check", "The same as check."),
    "explain": ("explain", "Say what a code such as MS506 means, with examples."),
    "fmt": ("fmt", "Lay out a spec: indentation, spaces, blank lines, comments."),
    "schema": ("schema", "Print the language as a JSON Schema for editors, or as a page."),
    "lsp": ("lsp", "Answer an editor: findings, completion, hover, definition, rename."),
    "config": ("config", "Print a spec with what it includes, or all that is in force, line by line with its origin."),
    "graph": ("graph", "Draw what a spec makes out of what: text, Mermaid, DOT or SVG."),
    "spec": ("spec", "Say what changed in meaning from one spec to another."),
    "plan": ("plan", "Show what a run would do, and why. Changes nothing."),
    "run": ("run", "Make the spec true: data, steps, gates, version, stages, deployment."),
    "status": ("status", "Show how tracked files stand, what each stage holds, what serves, and the last run."),
    "log": ("log", "Show what happened, or the commits of a branch, the newest first."),
    "add": ("add", "Store files and folders, and stage them for the next commit."),
    "rm": ("rm", "Stop tracking files and folders."),
    "commit": ("commit", "Commit what is staged, and pin it for Git."),
    "diff": ("diff", "Show which files and rows differ between two commits, or here."),
    "branch": ("branch", "List, make, rename and remove branches of the data."),
    "checkout": ("checkout", "Bring the tracked files to a branch, a commit, or what Git pins."),
    "merge": ("merge", "Bring another branch in; tables with a key by their rows."),
    "tag": ("tag", "List, give and remove lasting names of commits."),
    "remote": ("remote", "Name other places of the same data."),
    "push": ("push", "Send commits to a remote."),
    "pull": ("pull", "Bring commits from a remote, and merge them."),
    "fetch": ("fetch", "Bring commits from a remote, and change no file."),
    "clone": ("clone", "Make a project out of a remote."),
    "git": ("git", "Let Git merge the data together with the code."),
    "merge-driver": ("merge_driver", "Merge two pointers to data. Git calls this."),
    "model": ("model", "List and show versions of models."),
    "dataset": ("datasets", "Add, show, compare and bring back versions of data."),
    "import": ("import_", "Take a DVC project over: data, stages, and what fits nowhere."),
    "store": ("store", "Look after the bytes: sizes, damage, and what nothing needs."),
    "fsck": ("fsck", "Find what is damaged, missing or foreign in the store, and mend it."),
    "gc": ("gc", "Give back the space of what nothing needs any more."),
    "deploy": ("deploy", "Show what is deployed, and take it down."),
    "server": ("server", "Start, stop and show the project's own servers."),
    "ui": ("ui", "Print the address of the Prefect or MLflow pages, starting them when needed."),
}


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


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and end the process with one of the frozen exit codes."""
    sys.exit(int(invoke(arguments)))


def invoke(arguments: list[str] | None = None) -> int:
    """Run one command and give its exit code; every error ends here as a line for people."""
    try:
        answer: Any = modelsync.main(arguments, prog_name="modelsync", standalone_mode=False)
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
