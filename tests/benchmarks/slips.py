"""Every one-edit slip in every good spec: is it told once, on its own line, and is the mend the right one?

    uv run python tests/benchmarks/slips.py [kind ...]

Slips that leave a text which can still be read are not counted: what they say is for the decoder to judge.
"""

from __future__ import annotations

import runpy
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEST = runpy.run_path(str(ROOT / "tests/unit/language/test_trouble.py"))


def main(kinds: list[str]) -> None:
    """Print the table, and each answer that was wrong."""
    texts = {
        path.relative_to(ROOT): path.read_text(encoding="utf-8-sig")
        for path in sorted((ROOT / "specs").rglob("*.yaml"))
        if "err" not in path.parts
    }
    totals: dict[str, Counter[str]] = {}
    for kind in kinds:
        totals[kind] = Counter()
        for path, text in texts.items():
            for wrong, said in TEST["judged"](kind, text):
                totals[kind][wrong] += 1
                if wrong:
                    print(f"{path}: {kind}: {wrong}: {said}")
    print(f"\n{'slip':18}{'told':>7}{'right':>9}  wrong")
    for kind, counted in totals.items():
        wrong = ", ".join(f"{count} {what}" for what, count in counted.items() if what)
        print(f"{kind:18}{counted.total():7}{counted[''] / max(counted.total(), 1):9.2%}  {wrong}")


if __name__ == "__main__":
    main(sys.argv[1:] or list(TEST["KINDS"]))
