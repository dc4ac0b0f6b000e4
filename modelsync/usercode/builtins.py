"""Steps that ModelSync brings, written as a user would write them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from modelsync.core.errors import StepError
from modelsync.core.nearest import nearest
from modelsync.core.signature import Signature
from modelsync.usercode import signature

if TYPE_CHECKING:
    import pandas as pd


def split(
    data: pd.DataFrame, *, test_size: float = 0.2, stratify: str | None = None, seed: int = 0
) -> dict[str, pd.DataFrame]:
    """Two tables, `train` and `test`, of rows drawn by `seed`; the same rows and seed give the same tables.

    `test_size` is a share between 0 and 1, or a whole number of rows. `stratify` names a column whose values appear in
    both parts in the same proportions. Rows keep their order inside each part and are numbered anew.
    """
    import numpy as np
    import pandas as pd
    from sklearn.model_selection import train_test_split

    if stratify is not None and stratify not in data.columns:
        close = nearest(stratify, map(str, data.columns))
        way_out = f"is `{close}` meant?" if close else f"the columns are {', '.join(map(str, data.columns))}"
        raise StepError(f"`builtin/split` can't stratify by `{stratify}`: there is no such column", help=way_out)
    groups = None if stratify is None else pd.factorize(data[stratify])[0]  # a gap is a group of its own
    try:
        train, test = train_test_split(np.arange(len(data)), test_size=test_size, stratify=groups, random_state=seed)
    except ValueError as error:
        raise StepError(
            f"`builtin/split` can't split {len(data)} rows: {error}",
            help="give `test_size` a share between 0 and 1; stratify only by a column whose values all appear twice",
        ) from error
    parts = {"train": train, "test": test}
    return {name: data.iloc[np.sort(rows)].reset_index(drop=True) for name, rows in parts.items()}


def select(candidates: list[dict[str, float]], keep: list[Any], *, metric: str, mode: str = "max") -> dict[str, Any]:
    """The member of a matrix with the best metric: what it kept as `model`, its metrics as `metrics`.

    `candidates` and `keep` are paired by their place. `mode` is `max` or `min`; of equals the first is taken.
    """
    if mode not in ("max", "min"):
        raise StepError(f"`builtin/select` has no mode `{mode}`", help="write `max` or `min`")
    bare = sorted({name for found in candidates for name in found})
    if any(metric not in found for found in candidates):
        close = nearest(metric, bare)
        way_out = f"is `{close}` meant?" if close else f"the metrics are {', '.join(bare) or 'none'}"
        raise StepError(f"`builtin/select` can't compare by `{metric}`: not every candidate has it", help=way_out)
    choose = max if mode == "max" else min
    best = choose(range(len(candidates)), key=lambda index: candidates[index][metric])
    return {"model": keep[best], "metrics": candidates[best]}


BUILTINS: dict[str, Callable[..., Any]] = {"split": split, "select": select}
"""What may stand behind `uses: builtin/`."""


@cache
def signatures() -> dict[str, Signature]:
    """The signature of every built-in step, read from this file as a user's would be."""
    found = {name: signature.read(Path(__file__), name) for name in BUILTINS}
    return {name: replace(each, at=None) for name, each in found.items() if isinstance(each, Signature)}
