"""The reference side of a drift gate, computed once and stored: a gate can then do without the reference data."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from modelsync.gates import pairs, sides
from modelsync.gates.distances import Floats
from modelsync.gates.pairs import Unfit
from modelsync.gates.sides import LevelSide, NumberSide
from modelsync.gates.sketch import Sketch, sketch

if TYPE_CHECKING:
    import pandas as pd

VERSION = 2
LEVELS = 10_000  # levels that are kept, the most frequent ones; all others are one

Side = NumberSide | LevelSide | Unfit


class ProfileError(Exception):
    """What is stored is no profile that can be read; the message says why."""


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """What a table of so many rows holds, column by column; a time is kept as the reason why it is not compared."""

    rows: int
    columns: dict[str, Side]

    @classmethod
    def of_table(cls, frame: pd.DataFrame, columns: Mapping[str, Mapping[str, Any]] | None = None) -> Profile:
        """The profile of a table; `columns` is what the contract says of them, as in a question."""
        contract = columns or {}
        found: dict[str, Side] = {}
        for place, name in enumerate(map(str, frame.columns)):
            twice = Unfit(f"the reference has two columns `{name}`: rename or drop one of them", broken=True)
            declared = contract.get(name, {}).get("type")
            found[name] = twice if name in found else _side(frame.iloc[:, place], declared)
        return cls(len(frame), found)

    def to_json(self) -> dict[str, Any]:
        """Plain values, some 50 kB for a column of a million different numbers."""
        return {
            "version": VERSION,
            "rows": self.rows,
            "columns": {name: _described(side) for name, side in self.columns.items()},
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Profile:
        """The profile that `to_json` described; ProfileError for another version or a damaged one."""
        version = value.get("version")
        if version != VERSION:
            raise ProfileError(f"the reference profile has version {version}, known is {VERSION}: make it anew")
        try:
            return cls(int(value["rows"]), {name: _read(side) for name, side in value["columns"].items()})
        except (AttributeError, KeyError, TypeError, ValueError, zlib.error) as error:
            raise ProfileError(f"the reference profile is damaged ({error}): make it anew") from error


def _side(values: pd.Series, declared: str | None) -> Side:
    chosen = pairs.choose(sides.kind(values), sides.NOTHING, declared)
    if isinstance(chosen, Unfit):
        return chosen
    if chosen == sides.NUMBER:
        try:
            found = sides.numbers(values)
        except OverflowError as error:
            return Unfit(str(error), broken=True)
        assert not isinstance(found.values, Sketch), "a table is never a sketch"
        return replace(found, values=sketch(found.values))
    return _kept(sides.levels(values), declared)


def _kept(side: LevelSide, declared: str | None) -> LevelSide:
    """The most frequent levels; none of free text or ids, which are nobody's business and no category."""
    import numpy as np

    most = 0 if pairs.is_free_text(side, declared) else LEVELS
    if len(side.counts) <= most:
        return side
    order = np.argsort(-side.counts, kind="stable")
    kept, rest = np.sort(order[:most]), order[most:]
    return replace(
        side,
        levels=side.levels.take(kept),
        counts=side.counts[kept],
        n_others=int(side.counts[rest].sum()),
        other_levels=len(rest),
    )


def _described(side: Side) -> dict[str, Any]:
    if isinstance(side, Unfit):
        return {"kind": "none", "why": side.why, "broken": side.broken}
    if isinstance(side, LevelSide):
        return {
            "kind": sides.CATEGORY,
            "rows": side.rows,
            "missing": side.n_missing,
            "levels": side.levels.to_pylist(),
            "counts": [int(count) for count in side.counts],
            "others": side.n_others,
            "other_levels": side.other_levels,
        }
    assert isinstance(side.values, Sketch), "what a profile keeps of numbers"
    kept = side.values
    return {
        "kind": sides.NUMBER,
        "rows": side.rows,
        "missing": side.n_missing,
        "infinite": side.n_infinite,
        "n": kept.n,
        "mean": kept.mean,
        "deviation": kept.deviation,
        "points": _packed(kept.points),
        "at_most": _packed(_steps(kept.at_most)),
        "below": _packed(_steps(kept.below)),
        "edges": _packed(kept.edges),
        "counts": _packed(kept.counts),
    }


def _read(value: Mapping[str, Any]) -> Side:
    import numpy as np
    import pyarrow as pa

    if value["kind"] == "none":
        return Unfit(value["why"], value["broken"])
    if value["kind"] == sides.CATEGORY:
        levels, counts = pa.array(value["levels"], pa.large_string()), np.array(value["counts"], dtype=np.int64)
        return LevelSide(value["rows"], value["missing"], levels, counts, value["others"], value["other_levels"])
    at_most, below = (np.cumsum(_unpacked(value[key])).astype(np.int64) for key in ("at_most", "below"))
    points, edges, bins = (_unpacked(value[key]) for key in ("points", "edges", "counts"))
    if not len(points) == len(at_most) == len(below) or len(bins) != len(edges) + 1:
        raise ValueError("its parts have different lengths")
    kept = Sketch(value["n"], value["mean"], value["deviation"], points, at_most, below, edges, bins)
    return NumberSide(value["rows"], value["missing"], value["infinite"], kept)


def _steps(ranks: Any) -> Floats:
    """Ranks as what each adds: nearly all alike, which packs to almost nothing."""
    import numpy as np

    found: Floats = np.diff(ranks, prepend=0).astype(np.float64)
    return found


def _packed(values: Floats) -> str:
    return base64.b64encode(zlib.compress(values.astype("<f8").tobytes(), 6)).decode("ascii")


def _unpacked(text: str) -> Floats:
    import numpy as np

    return np.array(np.frombuffer(zlib.decompress(base64.b64decode(text)), dtype="<f8"), dtype=np.float64)
