"""Hostile input to the reader: time, memory over the start, and what is said, each in a process of its own.

    uv run python tests/benchmarks/hostile.py [part of a name]

The promise is an answer within a second and 200 MiB. The texts are those of a test.
"""

from __future__ import annotations

import resource
import runpy
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
SECOND, MEMORY = 1.0, 200.0  # seconds, MiB
_ONE = "--one"


def main(part: str) -> None:
    """Print the table, the slowest last, and whether all kept the promise."""
    names = [name for name in _test()["HOSTILE"] if part in name]
    rows = [_row(name) for name in names]
    print(f"{'seconds':>7}{'MiB':>7}  {'input':30}answer")
    for seconds, mib, name, said in sorted(rows):
        print(f"{seconds:7.2f}{mib:7.0f}  {name:30}{said}")
    late = [name for seconds, mib, name, _ in rows if seconds > SECOND or mib > MEMORY]
    print(f"\n{len(rows)} inputs, over the promise: {', '.join(late) or 'none'}")


def _row(name: str) -> tuple[float, float, str, str]:
    done = subprocess.run([sys.executable, __file__, _ONE, name], check=False, capture_output=True, text=True)
    if done.returncode:
        return float("inf"), float("inf"), name, done.stderr[-200:]
    seconds, mib, *said = done.stdout.split("\t")
    return float(seconds), float(mib), name, " ".join(said).strip()


def one(name: str) -> None:
    """Print what one text costs: process seconds, MiB, and the first finding."""
    test = _test()
    data = test["HOSTILE"][name][0].encode("utf-8", errors="surrogatepass")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.process_time()
    found = test["answer"](data)
    seconds = time.process_time() - began
    mib = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    first = f"{found[0].code} {found[0].at.line}:{found[0].at.col} {found[0].message[:70]}" if found else "read"
    print(f"{seconds}\t{mib}\t{first}\t{f'and {len(found) - 1} more' if len(found) > 1 else ''}")


def _test() -> dict[str, Any]:
    return runpy.run_path(str(ROOT / "tests/conformance/test_any_file.py"))


if __name__ == "__main__":
    if sys.argv[1:2] == [_ONE]:
        one(sys.argv[2])
    else:
        main(sys.argv[1] if len(sys.argv) > 1 else "")
