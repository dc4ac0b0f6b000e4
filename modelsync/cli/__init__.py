"""Words on a screen: the table of commands, and where the command line begins."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

# As in `headstart` and `beginnings`. Without any former version of a large file, as seen from the project's root, there
# is nothing to gain.
_LARGE, _BEGINNINGS = 32 << 20, ".modelsync/cache/beginnings"

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
    "log": ("log", "Show the commits of a branch, or the runs, the newest first."),
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
    "gate": ("gates", "Judge gates alone, look at what they said, try other limits."),
    "test": ("test", "Test what the spec decides, on given facts, in milliseconds."),
    "import": ("import_", "Take a DVC project over: data, stages, and what fits nowhere."),
    "store": ("store", "Look after the bytes: sizes, damage, and what nothing needs."),
    "fsck": ("fsck", "Find what is damaged, missing or foreign in the store, and mend it."),
    "gc": ("gc", "Give back the space of what nothing needs any more."),
    "deploy": ("deploy", "Show what is deployed, and take it down."),
    "server": ("server", "Start, stop and show the project's own servers."),
    "ui": ("ui", "Print the address of the Prefect or MLflow pages, starting them when needed."),
}


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and end the process with one of the frozen exit codes."""
    sys.exit(int(invoke(arguments)))


def invoke(arguments: list[str] | None = None) -> int:
    """Run one command and give its exit code; every error ends here as a line for people."""
    words = sys.argv[1:] if arguments is None else arguments
    seen = None
    if words == ["status"]:
        from modelsync.cli.again import say_again

        is_said, seen = say_again()
        if is_said:
            return 0
    with _ahead(words):
        from modelsync.cli.boundary import run  # late: it needs click, whose import takes as long as a whole `status`

        return run(words, seen)


@contextmanager
def _ahead(words: list[str]) -> Iterator[None]:
    """A new version of a large file is read from now on: what is imported and asked before its turn takes 0.2 s."""
    if len(words) != 2 or words[0] != "add" or not _is_large(words[1]):
        yield
        return
    from modelsync.store import headstart  # late, and it imports little

    headstart.begin(words[1])
    try:
        yield
    finally:
        headstart.close()


def _is_large(path: str) -> bool:
    try:
        return os.lstat(path).st_size >= _LARGE and os.path.isdir(_BEGINNINGS)  # noqa: PTH112 - without `pathlib`
    except (OSError, ValueError):
        return False
