"""Push, fetch, clone and collection of a remote, killed at every request and at random moments, then made again.

Run as `python -m tests.benchmarks.remote_faults [--random 100] [--place s3|folder]`. After each kill whoever clones
must get one whole state or the other; after the second try everything must be there. Ends with 1 when something was
not.
"""

from __future__ import annotations

import argparse
import os
import random
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from modelsync.api.sharing.adding import add as add_remote
from modelsync.api.sharing.remotes import Remote
from modelsync.store.failpoints import VARIABLE
from modelsync.store.remotes.asking import FAILPOINTS
from modelsync.store.remotes.collecting import RESPITE, YOUNG
from tests.unit.api.sharing.conftest import Clone, cloned
from tests.unit.store.remotes import servers

_MOST = 200  # requests; no verb here needs as many
_WAIT = 0.4  # seconds within which a random kill falls; a verb takes about that long


@dataclass
class Tally:
    """What was tried and what was found."""

    kills: int = 0
    ends: int = 0  # the kill came too late
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Scene:
    """A remote with one commit; Ada has a second one that is not there yet, Bob has none of both."""

    ada: Clone
    bob: Clone
    url: str
    before: dict[str, str]
    after: dict[str, str]


class Stage:
    """Makes the same scene again and again, each in a place of its own."""

    def __init__(self, folder: Path, kind: str) -> None:
        self._folder, self._kind = folder, kind
        self._template = Clone(folder / "template")
        (self._template.root / ".modelsync").mkdir(parents=True)
        random.seed(1)
        self._template.save("first", large__txt=_lines(3000), small__txt="first\n")

    @contextmanager
    def scene(self) -> Iterator[Scene]:
        """Everything is removed at the end."""
        root = self._folder / secrets.token_hex(4)
        url = f"s3://faults/{root.name}" if self._kind == "s3" else str(root / "shared")
        shutil.copytree(self._template.root, root / "ada")
        ada = Clone(root / "ada")
        add_remote(ada.repository, Remote("origin", url))
        ada.push()
        before = ada.files()
        bob = cloned(url, root / "bob")
        ada.save("second", large__txt=_lines(3000), more__txt="more\n", small__txt=None)
        try:
            yield Scene(ada, bob, url, before, ada.files())
        finally:
            shutil.rmtree(root)


def push(scene: Scene, failpoint: str, after: float | None) -> int:
    """A push; then again, if it did not end."""
    return _run(scene.ada.root, failpoint, after, "push")


def pull(scene: Scene, failpoint: str, after: float | None) -> int:
    """A pull of what Ada pushed."""
    scene.ada.push()
    return _run(scene.bob.root, failpoint, after, "pull")


def clone(scene: Scene, failpoint: str, after: float | None) -> int:
    """A clone of what Ada pushed."""
    scene.ada.push()
    return _run(scene.bob.root.parent, failpoint, after, "clone", scene.url, "cyd")


def collect(scene: Scene, failpoint: str, after: float | None) -> int:
    """A collection of what a killed push left, in both of its steps (in a folder, whose times can be set)."""
    _run(scene.ada.root, f"{FAILPOINTS[1]}:2", None, "push")
    _age(scene, YOUNG + 60)
    code = _run(scene.bob.root, failpoint, after, "remote", "gc", "--delete")
    _age(scene, RESPITE + 60)
    return _run(scene.bob.root, failpoint, after, "remote", "gc", "--delete") or code


VERBS: dict[str, Callable[[Scene, str, float | None], int]] = {
    "push": push,
    "pull": pull,
    "clone": clone,
    "collect": collect,
}


def judge(verb: str, scene: Scene) -> list[str]:
    """What is wrong after a kill and a second try."""
    root = scene.bob.root.parent
    problems = _whole(cloned(scene.url, root / "meanwhile"), (scene.before, scene.after), "a clone after the kill")
    again = {"push": ("push",), "collect": ("push",), "pull": ("pull",)}.get(verb, ("clone", scene.url, "cyd"))
    at = {"pull": scene.bob.root, "clone": root}.get(verb, scene.ada.root)
    if verb != "clone" or not (root / "cyd/modelsync.data").exists():
        code = _run(at, "", None, *again)
        if code:
            problems.append(f"the second {verb} ended with {code}")
    last = {"pull": scene.bob, "clone": Clone(root / "cyd")}.get(verb)
    return problems + _whole(last or cloned(scene.url, root / "last"), (scene.after,), "the end")


def _whole(clone: Clone, states: tuple[dict[str, str], ...], when: str) -> list[str]:
    problems = [] if clone.files() in states else [f"{when}: other files than any state has"]
    try:
        clone.assert_whole()
    except Exception as error:
        problems.append(f"{when}: {error}")
    return problems


def _run(folder: Path, failpoint: str, after: float | None, *words: str) -> int:
    environment = {**os.environ, **({VARIABLE: failpoint} if failpoint else {})}
    process = subprocess.Popen(
        [sys.executable, "-m", "modelsync", *words],
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    if after is not None:
        time.sleep(after)
        process.send_signal(signal.SIGKILL)
    return process.wait(120)


def _age(scene: Scene, seconds: float) -> None:
    for part in ("packs", "condemned"):
        for path in (Path(scene.url) / part).rglob("*"):
            when = path.stat().st_mtime - seconds
            os.utime(path, (when, when))


def _lines(count: int) -> str:
    return "".join(f"{random.random()}\n" for _ in range(count))


def _try(stage: Stage, verb: str, failpoint: str, after: float | None, tally: Tally) -> bool:
    """One kill; whether there was something left to kill."""
    with stage.scene() as scene:
        was_killed = VERBS[verb](scene, failpoint, after) != 0
        tally.kills += was_killed
        tally.ends += not was_killed
        tally.problems += [f"{verb} {failpoint or after}: {problem}" for problem in judge(verb, scene)]
    return was_killed


def main() -> int:
    """Every request of every verb, then random moments."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--place", choices=("s3", "folder"), default="s3")
    parser.add_argument("--random", type=int, default=100, help="kills at random moments")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    os.environ["MODELSYNC_AUTHOR"] = "Ada <ada@example.org>"
    tally, place = Tally(), options.place
    with tempfile.TemporaryDirectory() as folder, servers.moto() as port:
        servers.make_bucket(port, "faults")
        os.environ |= {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "us-east-1"}
        os.environ["AWS_ENDPOINT_URL"] = f"http://127.0.0.1:{port}"
        stage = Stage(Path(folder), place)
        for verb in VERBS:
            if (verb == "collect" and place == "s3") or (verb in ("pull", "clone") and place == "folder"):
                continue  # times of a bucket can't be set; reading a folder asks nobody
            for name in FAILPOINTS:
                for number in range(1, _MOST):
                    if not _try(stage, verb, f"{name}:{number}", None, tally):
                        break
                print(f"{verb} {name}: {number - 1} places, {len(tally.problems)} problems", flush=True)
        chance = random.Random(options.seed)
        for _ in range(options.random):
            verb = chance.choice(("push", "pull", "clone") if place == "s3" else ("push", "collect"))
            _try(stage, verb, "", 0.05 + chance.random() * _WAIT, tally)
    print(f"{tally.kills} kills, {tally.ends} ended before; problems: {len(tally.problems)}")
    print("\n".join(tally.problems))
    return int(bool(tally.problems))


if __name__ == "__main__":
    sys.exit(main())
