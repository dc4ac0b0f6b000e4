"""Stages of DVC as steps: where the same can be said, it is; where it can't, the reason is."""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from modelsync.data.dvc import Out, Stage
from modelsync.language.text.writing import Data

PIPELINE = "dvc"
_SHELL = re.compile(r"[|&;<>$`*?{}~\n]")
_LONGEST = 64  # letters of a name


class NoCounterpartError(Exception):
    """Why a stage can't be a step; the text names a way out."""


@dataclass(slots=True)
class Known:
    """What inputs can name: references by the path of what they hold."""

    references: dict[str, str] = field(default_factory=dict)
    steps: set[str] = field(default_factory=set)


def step(stage: Stage, outs: Mapping[str, Out], known: Known) -> tuple[str, dict[str, Data]]:
    """The name and the body of the step that does the same; NoCounterpartError when there is none.

    Its outputs are known from then on, so stages come in the order in which they need each other.
    """
    words = _words(stage)
    if stage.params:
        raise NoCounterpartError(f"it reads {_some(stage.params)} by itself: hand the values over as arguments")
    made = [*stage.outs, *stage.metrics, *stage.plots]
    inputs = {path: known.references[path] for path in stage.deps if path in known.references}
    silent = next((path for path in (*inputs, *made) if path not in words), None)
    if silent is not None:
        verb = "writes" if silent in made else "reads"
        raise NoCounterpartError(f"it {verb} `{silent}` at a place of its own: name it in the command")
    named = _unique([*inputs, *made])
    holes = {path: f"{{{'outputs' if path in made else 'inputs'}.{name}}}" for path, name in named.items()}
    name = free(word(stage.name), known.steps)
    body: dict[str, Data] = {"command": [holes.get(each, each) for each in words]}
    if inputs:
        body["inputs"] = {named[path]: reference for path, reference in inputs.items()}
    if made:
        body["outputs"] = {named[path]: _type(path, stage, outs.get(path)) for path in made}
    known.references |= {path: f"steps.{name}.{named[path]}" for path in made}
    known.steps.add(name)
    return name, body


def in_order(stages: tuple[Stage, ...]) -> list[Stage]:
    """Each stage after those whose outputs it reads, otherwise as written; what waits for itself comes last."""
    makers = {path: stage.name for stage in stages for path in (*stage.outs, *stage.metrics, *stage.plots)}
    ordered: list[Stage] = []
    waiting = list(stages)
    while waiting:
        left = {stage.name for stage in waiting}
        ready = next((s for s in waiting if not {makers.get(path) for path in s.deps} & (left - {s.name})), waiting[0])
        waiting.remove(ready)
        ordered.append(ready)
    return ordered


def word(text: str) -> str:
    """A name of the language made of any text."""
    name = re.sub(r"[^A-Za-z0-9_]+", "_", text).strip("_")[:_LONGEST] or "data"
    return f"_{name}"[:_LONGEST] if name[0].isdigit() else name


def _words(stage: Stage) -> list[str]:
    if len(stage.commands) != 1:
        raise NoCounterpartError(f"it runs {len(stage.commands)} commands: make a step of each")
    if stage.folder:
        raise NoCounterpartError(f"it runs in the folder `{stage.folder}`: a step runs at the root")
    if _SHELL.search(stage.commands[0]):
        raise NoCounterpartError("its command is a line for a shell: a step starts one program with its arguments")
    try:
        words = shlex.split(stage.commands[0])
    except ValueError as error:
        raise NoCounterpartError(f"its command can't be read: {error}") from None
    return [posixpath.normpath(each) if "/" in each and "://" not in each else each for each in words]


def _type(path: str, stage: Stage, out: Out | None) -> str:
    if path in stage.metrics and path.endswith(".json"):
        return "metrics"
    is_folder = out.is_folder if out is not None and out.md5 else not PurePosixPath(path).suffix
    return "folder" if is_folder else "file"


def _unique(paths: list[str]) -> dict[str, str]:
    taken: set[str] = set()
    found = {}
    for path in paths:
        found[path] = free(word(PurePosixPath(path).name.split(".")[0]), taken)
        taken.add(found[path])
    return found


def free(name: str, taken: set[str]) -> str:
    """The name, with a number when it is taken."""
    number, free = 2, name
    while free in taken:
        free, number = f"{name[:60]}_{number}", number + 1
    return free


def _some(names: tuple[str, ...]) -> str:
    return f"`{names[0]}`" + (f" and {len(names) - 1} more" if len(names) > 1 else "")
