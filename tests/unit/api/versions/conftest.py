"""A project in a temporary folder, and words for what tests do to it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from modelsync.api.versions.adding import add, restage
from modelsync.api.versions.committing import commit
from modelsync.api.versions.looking import Standing, status
from modelsync.api.versions.repository import Repository
from modelsync.core.digest import Digest
from modelsync.engine.workspace import Workspace


class Project:
    """The working files of a project, and its present."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @property
    def repository(self) -> Repository:
        """The project as a new process would see it."""
        return Repository(Workspace(self.root))

    def write(self, path: str, text: str) -> Path:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file

    def read(self, path: str) -> str | None:
        file = self.root / path
        return file.read_text() if file.is_file() else None

    def files(self, below: str = "data") -> dict[str, str]:
        """Every file below a folder, with its text."""
        found = sorted(path for path in (self.root / below).rglob("*") if path.is_file())
        return {path.relative_to(self.root).as_posix(): path.read_text() for path in found}

    def add(self, *paths: str) -> None:
        add(self.repository, paths, self.root)

    def save(self, message: str, **files: str | None) -> Digest:
        """Write files (below `data`, `__` for a dot; None removes), stage and commit everything."""
        for name, text in files.items():
            path = f"data/{name.replace('__', '.')}"
            if text is None:
                (self.root / path).unlink()
            else:
                self.write(path, text)
        if self.repository.tracked.paths:
            restage(self.repository)
        else:
            self.add("data")
        made = commit(self.repository, message)
        assert made is not None
        return made.id

    def standing(self) -> Standing:
        found = status(self.repository)
        assert found is not None
        return found

    def assert_clean(self) -> None:
        assert self.standing().is_clean, self.standing()
        assert not (self.root / ".modelsync/checkout").exists()
        assert not (self.root / ".modelsync/checkout.files").exists()

    def git(self, *words: str, code: int = 0) -> str:
        said = subprocess.run(["git", *words], cwd=self.root, capture_output=True, text=True, check=False)
        assert said.returncode == code, said.stdout + said.stderr
        return said.stdout + said.stderr


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """An empty project; Git's own settings of this machine are out of reach."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("MODELSYNC_AUTHOR", "Ada <ada@example.org>")
    root = tmp_path / "project"
    (root / ".modelsync").mkdir(parents=True)
    monkeypatch.chdir(root)
    return Project(root)


@pytest.fixture
def in_git(project: Project) -> Project:
    """The same in a Git repository with one commit."""
    project.git("init", "-q", "-b", "main")
    project.git("config", "user.name", "Grace")
    project.git("config", "user.email", "grace@example.org")
    project.write("code.py", "x = 1\n")
    project.git("add", "code.py")
    project.git("commit", "-q", "-m", "code")
    return project
