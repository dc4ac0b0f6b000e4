"""Clones of one project, and places that they share."""

from __future__ import annotations

import importlib.util
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from modelsync.api.sharing.adding import add as add_remote
from modelsync.api.sharing.cloning import clone
from modelsync.api.sharing.fetching import Fetch, fetch
from modelsync.api.sharing.pulling import Pulled, pull
from modelsync.api.sharing.pushing import Check, Push, push
from modelsync.api.sharing.remotes import Remote, choose
from modelsync.api.versions.adding import add, restage
from modelsync.api.versions.committing import commit
from modelsync.api.versions.repository import Repository
from modelsync.core.digest import Digest
from modelsync.engine.workspace import Workspace
from modelsync.store.failpoints import VARIABLE
from modelsync.store.remotes.asking import PATIENCE


def _servers() -> ModuleType:
    path = Path(__file__).parents[2] / "store/remotes/servers.py"
    spec = importlib.util.spec_from_file_location("servers", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["servers"] = module
    spec.loader.exec_module(module)
    return module


servers = _servers()


class Clone:
    """One person's project."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @property
    def repository(self) -> Repository:
        """The project as a new process would see it."""
        return Repository(Workspace(self.root))

    @property
    def tip(self) -> Digest | None:
        return self.repository.references.tip

    def save(self, message: str, **files: str | None) -> Digest:
        """Write files below `data` (`__` for a dot; None removes), stage and commit everything."""
        for name, text in files.items():
            path = self.root / "data" / name.replace("__", ".")
            path.parent.mkdir(parents=True, exist_ok=True)
            if text is None:
                path.unlink()
            else:
                path.write_text(text)
        if self.repository.tracked.paths:
            restage(self.repository)
        else:
            add(self.repository, ["data"], self.root)
        made = commit(self.repository, message)
        assert made is not None
        return made.id

    def files(self) -> dict[str, str]:
        found = sorted(path for path in (self.root / "data").rglob("*") if path.is_file())
        return {path.relative_to(self.root / "data").as_posix(): path.read_text() for path in found}

    def add_remote(self, url: str, **options: Any) -> str:
        return str(add_remote(self.repository, Remote("origin", url, **options)))

    def push(self, *names: str, check: Check = Check.NEW) -> Push:
        return push(self.repository, choose(self.repository, None), names, check)

    def fetch(self, *names: str) -> Fetch:
        return fetch(self.repository, choose(self.repository, None), names)

    def pull(self, **options: Any) -> Pulled:
        return pull(self.repository, choose(self.repository, None), **options)

    def assert_whole(self) -> None:
        """Everything that the references reach is here and right."""
        found = self.repository
        commits = found.history.reachable(map(Digest, set(found.references.values.values()) - {"branches/main"}))
        trees = [found.history.commit(id).tree for id in commits]
        assert found.workspace.store.verify([*commits, *trees]) == []

    def run(self, *words: str, exit: int = 0, failpoint: str = "") -> str:
        """The command line in a process of its own."""
        environment = {**os.environ, **({VARIABLE: failpoint} if failpoint else {})}
        said = subprocess.run(
            [sys.executable, "-m", "modelsync", *words],
            cwd=self.root,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert said.returncode == exit, f"exit {said.returncode}\n{said.stdout}{said.stderr}"
        return said.stdout + said.stderr


@pytest.fixture(autouse=True)
def _surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in [name for name in os.environ if name.startswith(("AWS_", "GOOGLE_", "STORAGE_", "GIT_"))]:
        monkeypatch.delenv(variable)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("MODELSYNC_AUTHOR", "Ada <ada@example.org>")
    monkeypatch.setenv(PATIENCE, "3:0.01")
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[4]))


@pytest.fixture(scope="session")
def s3_port() -> Iterator[int]:
    with servers.moto() as port:
        yield port


@pytest.fixture
def s3(s3_port: int, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of an empty bucket; the variables that Amazon's own tools read lead there."""
    name = f"b-{secrets.token_hex(6)}"
    servers.make_bucket(s3_port, name)
    lead_to(monkeypatch, s3_port)
    return f"s3://{name}/churn"


def lead_to(monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    for variable, value in (
        ("AWS_ACCESS_KEY_ID", "key"),
        ("AWS_SECRET_ACCESS_KEY", "hidden-secret"),
        ("AWS_REGION", "us-east-1"),
        ("AWS_ENDPOINT_URL", f"http://127.0.0.1:{port}"),
    ):
        monkeypatch.setenv(variable, value)


@pytest.fixture
def line(s3_port: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A line to the S3 server that can be made bad; it is taken once `s3` was asked for and `use` was called."""
    with servers.line(s3_port) as made:
        made.use = lambda: monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{made.port}")
        yield made


@pytest.fixture
def ada(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Clone:
    """A project with one commit."""
    root = tmp_path / "ada"
    (root / ".modelsync").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    made = Clone(root)
    made.save("first", people__csv="id,age\n1,30\n2,40\n", notes__txt="hello\n", deep__md="# deep\n")
    return made


@pytest.fixture
def shared(ada: Clone, tmp_path: Path) -> Path:
    """A folder to which the first commit was pushed."""
    ada.add_remote(str(tmp_path / "shared"))
    ada.push()
    return tmp_path / "shared"


def cloned(url: str, root: Path) -> Clone:
    clone(Remote("origin", url), root)
    return Clone(root)
