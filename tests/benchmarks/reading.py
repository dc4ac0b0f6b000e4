"""The reader's speed, as ratios in one run: the library's own events against the quick ones, and the whole of `read`.

    uv run python tests/benchmarks/reading.py [rounds]

The texts are the reference spec and four at the limits of what a spec may be.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from modelsync.language.text.read import MAX_NODES, read
from modelsync.language.text.scanner import Events
from modelsync.language.text.source import MAX_BYTES, Source

ROOT = Path(__file__).parents[2]
STEP = """      step_{0}:                       # number {0}
        run: flows/churn.py:step_{0}
        inputs: {{data: steps.step_{1}.out, other: datasets.customers}}
        with: {{alpha: 0.{0}, name: "value {0}", flags: [a, b, c]}}
        outputs: {{out: table, metrics: metrics}}
        retries: {{limit: 2, delay: 10s}}
"""
GATE = """  gate_{0}:
    kind: quality
    target: pipelines.train.step_{0}.out
    checks:
      - expect_column_values_to_not_be_null: {{column: tenure_days, mostly: 0.99}}
"""


def texts() -> dict[str, str]:
    """The texts by name."""
    steps = "".join(STEP.format(number, max(number - 1, 0)) for number in range(400))
    gates = "".join(GATE.format(number) for number in range(100))
    pairs = MAX_NODES // 2 - 10
    wide = "".join(f"key_{number}: value number {number}  # x\n" for number in range(pairs))
    return {
        "reference spec": (ROOT / "specs/credit/modelsync.yaml").read_text(encoding="utf-8"),
        "400 steps, 100 gates": f"pipelines:\n  train:\n    steps:\n{steps}gates:\n{gates}",
        "20,000 short keys": "".join(f"key_{number}: {number}\n" for number in range(pairs)),
        "20,000 nodes in brackets": "a: ["
        + ", ".join(f"{{k: {number}, l: v}}" for number in range(pairs * 2 // 5))
        + "]\n",
        "256 KiB": wide[: wide.rindex("\n", 0, MAX_BYTES) + 1],
    }


def main(rounds: int) -> None:
    """Print the table: the best of some rounds in milliseconds, each round doing all three in turn."""
    print(f"{'text':26}{'bytes':>8}{'library':>9}{'events':>8}{'ratio':>7}{'read':>7}{'library / read':>16}")
    for name, text in texts().items():
        measured = [_round(text) for _ in range(rounds)]
        library, events, whole = (min(each) * 1000 for each in zip(*measured, strict=True))
        row = f"{name:26}{len(text):8}{library:9.0f}{events:8.0f}{library / events:7.1f}"
        print(f"{row}{whole:7.0f}{library / whole:16.1f}")


def _round(text: str) -> tuple[float, float, float]:
    source = Source(Path("m"), text)
    library = _seconds(lambda: _library(text))
    return library, _seconds(lambda: list(Events(text))), _seconds(lambda: read(source))


def _library(text: str) -> list[Any]:
    _, parser = YAML(typ="safe", pure=True).get_constructor_parser(text)
    found = []
    while parser.check_event():
        found.append(parser.get_event())
    return found


def _seconds(work: Callable[[], Any]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
