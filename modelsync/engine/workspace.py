"""What a project remembers and where: the `.modelsync` folder beside its specs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from modelsync.registry.journal import Journal
from modelsync.registry.state import State
from modelsync.store.hashes import FileHashes
from modelsync.store.objects import Store

FOLDER = ".modelsync"


@dataclass(frozen=True)
class Workspace:
    """The rooms of one project. Nothing is created before something is written."""

    root: Path

    @property
    def home(self) -> Path:
        """The `.modelsync` folder."""
        return self.root / FOLDER

    @cached_property
    def store(self) -> Store:
        """Bytes by digest."""
        return Store(self.home / "store")

    @cached_property
    def journal(self) -> Journal:
        """Every fact, in order."""
        return Journal(self.home / "registry.db")

    @cached_property
    def hashes(self) -> FileHashes:
        """Digests of source files, remembered while size, time and inode stay the same."""
        return FileHashes(self.home / "hashes.db")

    @property
    def reports(self) -> Path:
        """HTML pages of gates, by run."""
        return self.home / "reports"

    @property
    def deployments(self) -> Path:
        """State and logs of local deployments."""
        return self.home / "deploy"

    @property
    def logs(self) -> Path:
        """Logs of steps, by run."""
        return self.home / "logs"

    @property
    def prefect(self) -> Path:
        """Home of the project's own Prefect server."""
        return self.home / "prefect"

    @property
    def mlflow(self) -> Path:
        """MLflow's database and artifacts, unless `MLFLOW_TRACKING_URI` names others."""
        return self.home / "mlflow"

    def state(self) -> State:
        """The present, folded from the journal; an empty one when nothing was ever recorded."""
        return State.load(self.journal)

    def work(self, run: str) -> Path:
        """A folder for what a run has in hand; removed when it ends."""
        return self.home / "work" / run
