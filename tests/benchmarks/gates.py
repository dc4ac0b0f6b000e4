"""What gates cost beside the libraries that answer the same questions: CPU seconds and memory, as ratios, in one run.

    uv run python tests/benchmarks/gates.py [--rows 1000000] [--rounds 3] [--only drift]

Drift: 10 columns of numbers and 10 of text with 2 to 1,000 levels, psi, ks, wasserstein and jensen_shannon on all of
them. Every workload runs in a process of its own, the tables loaded before the clock starts, and once on a few rows so
that no import is counted. CPU seconds count, since other work on the machine changes the others. The least of the
rounds stands; memory is the highest resident size above that at the start.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from modelsync.core.checks import DriftCheck
from modelsync.core.verdict import Outcome, Verdict
from modelsync.gates import libraries
from modelsync.gates.judging import judge
from modelsync.gates.profile import Profile
from modelsync.gates.question import Question

ROOT = Path(__file__).parents[2]
NUMBERS = [f"n{number}" for number in range(10)]
LEVELS = [2, 3, 5, 8, 12, 20, 50, 100, 500, 1000]
WORDS = [f"c{number}" for number in range(10)]
CHECKS = (
    DriftCheck("psi", 0.2),
    DriftCheck("ks", 0.1),
    DriftCheck("wasserstein", 0.1),
    DriftCheck("jensen_shannon", 0.1),
)
DRIFT = ("ours", "ours, stored profile", "ours, 100 columns", "ours, 3,000 columns")
PEERS = ("evidently", "scipy, evidently's statistics", "scipy, ks and chi-square", "scipy, all four statistics")
WIDE_ROWS = 2000


def table(rows: int, seed: int, shift: float = 0.0) -> pd.DataFrame:
    """Normal, lognormal and whole numbers, one with missing values, and text of Zipf's law; two columns are shifted."""
    random = np.random.default_rng(seed)
    columns: dict[str, Any] = {}
    for number, name in enumerate(NUMBERS):
        values = random.normal(size=rows) if number < 4 else random.lognormal(size=rows)
        if number > 6:
            values = random.integers(0, 1000, rows).astype(float)
        values = values + shift * (number in (0, 5))
        columns[name] = np.where(random.random(rows) < 0.05, np.nan, values) if number == 3 else values
    for name, levels in zip(WORDS, LEVELS, strict=True):
        chances = 1 / np.arange(1, levels + 1)
        words = np.array([f"lvl_{level}" for level in range(levels)], dtype=object)
        columns[name] = pd.Series(words[random.choice(levels, rows, p=chances / chances.sum())], dtype="str")
    return pd.DataFrame(columns)


def wide(columns: int, seed: int) -> pd.DataFrame:
    """Half numbers, half text of five levels."""
    random = np.random.default_rng(seed)
    words = np.array([f"lvl_{level}" for level in range(5)], dtype=object)
    made: dict[str, Any] = {f"n{number}": random.normal(size=WIDE_ROWS) for number in range(columns // 2)}
    for number in range(columns // 2):
        made[f"c{number}"] = pd.Series(words[random.integers(0, 5, WIDE_ROWS)], dtype="str")
    return pd.DataFrame(made)


def ours(reference: pd.DataFrame, current: pd.DataFrame) -> Callable[[], str]:
    """The public function on two tables."""
    return lambda: _said(judge(Question("d", "drift", table=current, reference=reference, checks=CHECKS)))


def ours_from_profile(reference: pd.DataFrame, current: pd.DataFrame) -> Callable[[], str]:
    """The same, the reference being a profile that was stored."""
    profile = Profile.from_json(json.loads(json.dumps(Profile.of_table(reference).to_json())))
    return lambda: _said(judge(Question("d", "drift", table=current, reference_profile=profile, checks=CHECKS)))


def _said(verdict: Verdict) -> str:
    if verdict.outcome not in (Outcome.PASS, Outcome.FAIL):
        raise SystemExit(f"the gate said {verdict.outcome}: {verdict.reason}")
    return f"{verdict.outcome}, {sum(check.value is not None for check in verdict.checks)} values"


def evidently(reference: pd.DataFrame, current: pd.DataFrame) -> Callable[[], str]:
    """Its preset as it comes: Wasserstein for numbers, Jensen-Shannon for text."""
    library = libraries.evidently()
    form = library.DataDefinition(numerical_columns=NUMBERS, categorical_columns=WORDS)

    def run() -> str:
        sides = [library.Dataset.from_pandas(side, data_definition=form) for side in (current, reference)]
        found = library.Report([library.presets.DataDriftPreset()]).run(*sides).dict()
        return f"{len(found['metrics'])} values"

    return run


def scipy_as_evidently(reference: pd.DataFrame, current: pd.DataFrame) -> Callable[[], str]:
    """Column by column what evidently's preset computes."""
    from scipy import stats
    from scipy.spatial.distance import jensenshannon

    def run() -> str:
        found = []
        for name in NUMBERS:
            one, two = reference[name].dropna().to_numpy(), current[name].dropna().to_numpy()
            found.append(stats.wasserstein_distance(one, two) / one.std())
        found.extend(jensenshannon(*_aligned(reference[name], current[name]), 2) for name in WORDS)
        return f"{len(found)} values"

    return run


def scipy_tests(reference: pd.DataFrame, current: pd.DataFrame) -> Callable[[], str]:
    """Column by column the two usual tests."""
    from scipy import stats

    def run() -> str:
        found = []
        for name in NUMBERS:
            one, two = reference[name].dropna().to_numpy(), current[name].dropna().to_numpy()
            found.append(stats.ks_2samp(one, two, method="asymp"))
        found.extend(stats.chi2_contingency(_aligned(reference[name], current[name])) for name in WORDS)
        return f"{len(found)} values"

    return run


def scipy_all(reference: pd.DataFrame, current: pd.DataFrame) -> Callable[[], str]:
    """Column by column all that ours gives: psi and Jensen-Shannon of all columns, ks and Wasserstein of numbers."""
    from scipy import stats
    from scipy.spatial.distance import jensenshannon

    def run() -> str:
        found = []
        for name in NUMBERS:
            one, two = reference[name].dropna().to_numpy(), current[name].dropna().to_numpy()
            found.append(stats.ks_2samp(one, two, method="asymp").statistic)
            found.append(stats.wasserstein_distance(one, two) / one.std())
            edges = np.concatenate([[-np.inf], np.unique(np.quantile(one, np.linspace(0, 1, 11)[1:-1])), [np.inf]])
            found.extend(_two(np.histogram(one, edges)[0], np.histogram(two, edges)[0], jensenshannon))
        for name in WORDS:
            found.extend(_two(*_aligned(reference[name], current[name]), jensenshannon))
        return f"{len(found)} values"

    return run


def _two(before: Any, now: Any, jensenshannon: Any) -> tuple[float, float]:
    p, q = (np.maximum(side / side.sum(), 1e-6) for side in (before, now))
    return float(((q - p) * np.log(q / p)).sum()), float(jensenshannon(before, now, 2))


def _aligned(reference: pd.Series, current: pd.Series) -> tuple[Any, Any]:
    before, now = reference.value_counts(), current.value_counts()
    levels = before.index.union(now.index)
    return before.reindex(levels, fill_value=0).to_numpy(), now.reindex(levels, fill_value=0).to_numpy()


MAKERS: dict[str, Callable[[pd.DataFrame, pd.DataFrame], Callable[[], str]]] = {
    "ours": ours,
    "ours, stored profile": ours_from_profile,
    "ours, 100 columns": ours,
    "ours, 3,000 columns": ours,
    "evidently": evidently,
    "scipy, evidently's statistics": scipy_as_evidently,
    "scipy, ks and chi-square": scipy_tests,
    "scipy, all four statistics": scipy_all,
}


def child(what: str, folder: Path, rounds: int) -> None:
    """One workload in this process; prints a line of JSON."""
    if what.endswith("columns"):
        columns = int(what.split()[1].replace(",", ""))
        reference, current = wide(columns, 1), wide(columns, 2)
    else:
        reference, current = (pd.read_parquet(folder / f"{side}.parquet") for side in ("reference", "current"))
    warm = [side.iloc[:WIDE_ROWS].reset_index(drop=True) for side in (reference, current)]
    frames = sum(int(side.memory_usage(deep=True).sum()) for side in (reference, current))
    with libraries.drawing():  # evidently is not quiet
        warnings.simplefilter("ignore")
        if not what.endswith("columns"):
            MAKERS[what](*warm)()
        run = MAKERS[what](reference, current)
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # from here on the highest size counts
        before = _memory("VmRSS")
        times = []
        for _ in range(rounds):
            wall, cpu = time.perf_counter(), time.process_time()
            said = run()
            times.append((time.process_time() - cpu, time.perf_counter() - wall))
    peak = _memory("VmHWM") - before
    print(
        json.dumps(
            {"cpu": min(times)[0], "wall": min(t[1] for t in times), "peak": peak, "frames": frames, "said": said}
        )
    )


def _memory(which: str) -> int:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(which))


def measure(what: str, folder: Path, rounds: int) -> dict[str, Any]:
    """One workload in a fresh process."""
    rounds = 1 if what == "evidently" else rounds
    command = [sys.executable, __file__, "--child", what, "--folder", str(folder), "--rounds", str(rounds)]
    environment = {**os.environ, "DO_NOT_TRACK": "true", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if done.returncode:
        raise SystemExit(f"{what}:\n{done.stdout}{done.stderr}")
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def drift(folder: Path, rows: int, rounds: int) -> None:
    """The table of drift."""
    table(rows, 1).to_parquet(folder / "reference.parquet")
    table(rows, 2, 0.05).to_parquet(folder / "current.parquet")
    found = {what: measure(what, folder, rounds) for what in (*DRIFT, *PEERS)}
    print(f"drift, {rows:,} x 20, psi + ks + wasserstein + jensen_shannon; {rounds} rounds (evidently: 1)\n")
    print(f"{'':32}{'CPU s':>8}{'wall s':>8}{'memory':>10}{'of frames':>11}   said")
    for what, row in found.items():
        share = row["peak"] / row["frames"]
        print(
            f"{what:32}{row['cpu']:8.2f}{row['wall']:8.2f}{row['peak'] / 2**20:7.0f} MB{share:10.2f}x   {row['said']}"
        )
    own, stored = found["ours"], found["ours, stored profile"]
    print()
    _line("ours / evidently", own["cpu"] / found["evidently"]["cpu"], 1 / 25, 1 / 50)
    for peer in PEERS[1:]:
        _line(f"ours / {peer}", own["cpu"] / found[peer]["cpu"], 0.8)
    _line("memory / loaded frames", own["peak"] / own["frames"], 0.3)
    _line("stored profile / ours", stored["cpu"] / own["cpu"], 0.5)
    growth = found["ours, 3,000 columns"]["cpu"] / found["ours, 100 columns"]["cpu"]
    _line(f"30 times the columns ({WIDE_ROWS:,} rows)", growth / 30, 1.2)


def _line(what: str, ratio: float, goal: float, stretch: float | None = None) -> None:
    shown = f"1/{1 / ratio:.0f}" if ratio < 0.1 else f"{ratio:.2f}"
    wanted = f"1/{1 / goal:.0f}" if goal < 0.1 else f"{goal:g}"
    further = f", stretch 1/{1 / stretch:.0f}" if stretch else ""
    print(f"{what:48}{shown:>8}   goal {wanted}{further}   {'yes' if ratio <= goal else 'NO'}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=("drift",))
    parser.add_argument("--child")
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    if given.child:
        child(given.child, given.folder, given.rounds)
        return
    with tempfile.TemporaryDirectory() as folder:
        drift(Path(folder), given.rows, given.rounds)


if __name__ == "__main__":
    main()
