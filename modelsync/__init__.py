"""ModelSync: one YAML file says how a model is made, checked, versioned, promoted and deployed.

From Python, data is one line away: `modelsync.dataset("customers@1.2.0").load()`. Importing this costs nothing: every
call imports what it needs.
"""

from __future__ import annotations

TYPE_CHECKING = False  # as type checkers know it; importing `typing` for that costs more than all of this
if TYPE_CHECKING:
    from os import PathLike
    from pathlib import Path

    import pandas as pd
    import pyarrow as pa

__all__ = ["Dataset", "__version__", "dataset"]
__version__ = "0.1.0"


def dataset(name: str, root: str | PathLike[str] | None = None) -> Dataset:
    """A version of a dataset: `customers` is the latest, `customers@1.2.0` that one.

    The project is the one around the working folder, or around `root`. Raises modelsync.core.errors.UsageError, which
    names what there is, when there is no such version.
    """
    from modelsync.api.datasets import handing

    return Dataset(*handing.one(name, root))


class Dataset:
    """One version of a dataset, which never changes. Whatever is read of it is verified, or an error is raised.

    `version` is `1.2.0`, `size` is in bytes, `sha256` names the bytes as they came in (of a folder: its manifest), `at`
    is an ISO 8601 time. `rows` is None when it is no table.
    """

    __slots__ = ("at", "author", "name", "root", "rows", "sha256", "size", "source", "tags", "version")

    def __init__(
        self,
        root: Path,
        name: str,
        version: str,
        rows: int | None,
        size: int,
        sha256: str,
        tags: tuple[str, ...],
        source: str,
        author: str,
        at: str,
    ) -> None:
        self.root, self.name, self.version = root, name, version
        self.rows, self.size, self.sha256 = rows, size, sha256
        self.tags, self.source, self.author, self.at = tags, source, author, at

    def load(self) -> pd.DataFrame:
        """The rows as a DataFrame, with the types that the contract gives them; UsageError when it is no table."""
        from modelsync.api.datasets import handing

        return handing.frame(self.root, self._spelled)

    def arrow(self) -> pa.Table:
        """The rows as an Arrow table; UsageError when it is no table."""
        from modelsync.api.datasets import handing

        return handing.arrow(self.root, self._spelled)

    def path(self) -> Path:
        """A file or folder with the bytes as they came in, for reading only; it may be gone in a later process."""
        from modelsync.api.datasets import handing

        return handing.path(self.root, self._spelled)

    def download(self, target: str | PathLike[str]) -> Path:
        """A copy of the bytes as they came in at `target`, whole or not at all; nothing is overwritten."""
        from modelsync.api.datasets import handing

        return handing.download(self.root, self._spelled, target)

    def history(self) -> tuple[Dataset, ...]:
        """Every version of this dataset, the newest first."""
        from modelsync.api.datasets import handing

        return tuple(Dataset(*facts) for facts in handing.history(self.root, self.name))

    def __repr__(self) -> str:
        from modelsync.core.units import say_count

        size = say_count(self.size, "byte") if self.rows is None else say_count(self.rows, "row")
        return f"<modelsync dataset {self._spelled}, {size}>"

    @property
    def _spelled(self) -> str:
        return f"{self.name}@{self.version}"
