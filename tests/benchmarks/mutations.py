"""How well one-edit faults are told: thousands of them in the good specs, and what the checker says about each.

    uv run python tests/benchmarks/mutations.py [--cases N] [--seed N] [--show KIND] [SPEC ...]

Each case spoils one word, sign, indentation or value of a spec that is known to be good, and knows where the fault must
be told and, for a slip of the finger, what must be suggested first. Spoilt specs that still mean something right are
counted apart: they say nothing about the checker.
"""

from __future__ import annotations

import argparse
import random
import re
import statistics
import sys
import time
import traceback
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from modelsync.api.specs import known  # noqa: E402
from modelsync.core.diagnostics import Diagnostic  # noqa: E402
from modelsync.language.known import Known  # noqa: E402
from modelsync.language.load import load_text  # noqa: E402
from modelsync.language.text.nodes import Mapping, Node, Sequence  # noqa: E402
from modelsync.language.text.read import read  # noqa: E402
from modelsync.language.text.source import Source, decode_bytes  # noqa: E402
from tests.benchmarks.breaks import BREAKS  # noqa: E402
from tests.benchmarks.faults import TYPOS, Fault, Maker, typos  # noqa: E402
from tests.benchmarks.misfits import MISFITS  # noqa: E402
from tests.benchmarks.spots import Place, Survey, TreePath  # noqa: E402
from tests.benchmarks.still_good import reason  # noqa: E402
from tests.benchmarks.walking import survey  # noqa: E402

MAKERS: dict[str, Maker] = {**{kind: typos(kind) for kind in TYPOS}, **BREAKS, **MISFITS}
_MEANT = re.compile(r"did you mean [`\"']*(.+?)[`\"']*\?")
ENVIRON: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class Good:
    """A spec to spoil, and what is said about it as it is."""

    survey: Survey
    said: frozenset[tuple[str, str]]

    @property
    def path(self) -> Path:
        """Its file."""
        return self.survey.spec.path


@dataclass(frozen=True, slots=True)
class Case:
    """One spoilt spec and what came of it."""

    good: Good
    fault: Fault
    still_good: str
    places: frozenset[Place]
    found: tuple[Diagnostic, ...]
    seconds: float
    traceback: str

    @property
    def is_line(self) -> bool:
        """Whether something is told in the right line."""
        return bool({each.at.line for each in self.found} & {line for line, _ in self.places})

    @property
    def is_place(self) -> bool:
        """Whether something is told at the right column of the right line."""
        return any((each.at.line, each.at.col) in self.places for each in self.found)

    @property
    def is_meant(self) -> bool:
        """Whether the first suggestion is right."""
        return any(self._suggests(each.help) for each in self.found[:1])

    def _suggests(self, help: str) -> bool:
        suggested = _MEANT.search(help)
        if suggested is None:
            return False
        if suggested.group(1).casefold() in {each.casefold() for each in self.fault.meant}:
            return True
        return self.fault.kind == "definition" and self.fault.new in re.split(r"[^\w-]", suggested.group(1))


def good_specs() -> list[Path]:
    """The specs of the repository that are right."""
    found = [ROOT / "specs/credit/modelsync.yaml", *sorted((ROOT / "specs/conformance/ok").glob("*.yaml"))]
    return [*found, *sorted((ROOT / "examples").rglob("modelsync.yaml"))]


def opened(paths: Iterable[Path], world: Known) -> list[Good]:
    """The specs that can be spoilt; one that is not right is an error of the bench."""
    found = []
    for path in paths:
        data = path.read_bytes()
        loaded = load_text(path, data, world, {}, ENVIRON)
        assert loaded.spec is not None, f"{path} is no good spec: {loaded.diagnostics[0].message}"
        source = decode_bytes(path, data)
        assert isinstance(source, Source)
        root = read(source).root
        assert isinstance(root, Mapping), path
        found.append(Good(survey(source.text, root, loaded.spec, world), _said(loaded.diagnostics)))
    return found


def chosen(goods: list[Good], kind: str, count: int, seed: int) -> Iterator[tuple[Good, Fault]]:
    """So many different faults of a kind, drawn evenly over the specs and over what they spoil."""
    pools: dict[tuple[int, str], list[Fault]] = defaultdict(list)
    for number, good in enumerate(goods):
        for fault in dict.fromkeys(MAKERS[kind](good.survey)):
            pools[number, fault.group].append(fault)
    dice = random.Random(f"{kind} {seed}")
    for pool in pools.values():
        dice.shuffle(pool)
    while pools and count:
        for key in dice.sample(sorted(pools), len(pools)):
            if not count:
                break
            yield goods[key[0]], pools[key].pop()
            count -= 1
            if not pools[key]:
                del pools[key]


def tried(good: Good, fault: Fault, world: Known) -> Case:
    """Check one spoilt spec."""
    text = fault.applied(good.survey.text)
    still_good = reason(good.survey, fault, text)
    failed, found = "", tuple[Diagnostic, ...]()
    began = time.perf_counter()
    try:
        found = load_text(good.path, text.encode(), world, {}, ENVIRON).diagnostics
    except Exception:
        failed = traceback.format_exc()
    seconds = time.perf_counter() - began
    new = tuple(one for one in found if (one.code, one.message) not in good.said)
    places = fault.places or frozenset(_owner(good.path, text, fault.owner or ()))
    return Case(good, fault, still_good, places, new, seconds, failed)


def _said(found: Iterable[Diagnostic]) -> frozenset[tuple[str, str]]:
    return frozenset((each.code, each.message) for each in found)


def _owner(path: Path, text: str, trail: TreePath) -> Iterator[Place]:
    """Where a mapping that misses a key starts, and where its name stands."""
    node: Node | None = read(Source(path, text)).root
    for step in trail:
        if isinstance(node, Mapping):
            key = node.key(str(step))
            if key is not None and step == trail[-1]:
                yield (key.at.line, key.at.col)
            node = node.get(str(step))
        elif isinstance(node, Sequence) and isinstance(step, int):
            node = node.items[step]
    if node is not None:
        yield (node.at.line, node.at.col)


def run(goods: list[Good], world: Known, kinds: Iterable[str], cases: int, seed: int) -> Iterator[Case]:
    """Cases of some kinds, equally many of each as far as there are."""
    for kind in kinds:
        for good, fault in chosen(goods, kind, max(cases // len(MAKERS), 1), seed):
            yield tried(good, fault, world)


@dataclass(frozen=True, slots=True)
class Rates:
    """What the cases of one kind come to; shares are of the cases where the spec became wrong."""

    cases: int
    still_good: int
    told_though_good: int
    detected: float
    line: float
    place: float
    meant: float | None
    mean: float
    cascades: float
    tracebacks: int


def rates(cases: list[Case]) -> Rates:
    """The rates of some cases."""
    wrong = [case for case in cases if not case.still_good]
    typed = [case for case in wrong if case.fault.meant]
    good = [case for case in cases if case.still_good]
    return Rates(
        len(cases),
        len(good),
        sum(1 for case in good if case.found),
        _share(wrong, "found"),
        _share(wrong, "is_line"),
        _share(wrong, "is_place"),
        _share(typed, "is_meant") if typed else None,
        statistics.fmean(len(case.found) for case in wrong) if wrong else 0.0,
        100 * sum(1 for case in wrong if len(case.found) > 1) / len(wrong) if wrong else 0.0,
        sum(1 for case in cases if case.traceback),
    )


def _share(cases: list[Case], what: str) -> float:
    return 100 * sum(1 for case in cases if getattr(case, what)) / len(cases) if cases else 100.0


def is_failure(case: Case) -> bool:
    """Whether a case falls short of any goal."""
    if case.still_good:
        return bool(case.traceback)
    wrong = not case.is_place or len(case.found) > 1 or bool(case.traceback)
    return wrong or (bool(case.fault.meant) and not case.is_meant)


def show(case: Case) -> None:
    """One failure for people."""
    good, fault = case.good, case.fault
    line = good.survey.text[: fault.start].count("\n")
    before, after = good.survey.text.splitlines(), fault.applied(good.survey.text).splitlines()
    print(f"--- {good.path.relative_to(ROOT) if good.path.is_relative_to(ROOT) else good.path}: {fault.group}")
    print(f"  {line + 1:4} {before[line]}")
    print(f"    -> {after[line] if line < len(after) else ''}")
    wanted = ", ".join(f"{line}:{col}" for line, col in sorted(case.places))
    print(f"  expected {wanted} {sorted(fault.meant) or ''}")
    for each in case.found:
        print(f"  said     {each.at.line}:{each.at.col} {each.code} {each.message} | {each.help}")
    if not case.found:
        print("  said     nothing")
    if case.traceback:
        print(case.traceback)


def table(cases: list[Case]) -> None:
    """All kinds and the total."""
    heads = ("cases", "good", "told", "det %", "line %", "col %", "sugg %", "mean", ">1 %", "tb")
    print(f"{'kind':22}" + "".join(f"{head:>8}" for head in heads))
    by_kind: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        by_kind[case.fault.kind].append(case)
    for kind, found in [*by_kind.items(), ("total", cases)]:
        each = rates(found)
        meant = "-" if each.meant is None else f"{each.meant:.1f}"
        print(
            f"{kind:22}{each.cases:8}{each.still_good:8}{each.told_though_good:8}{each.detected:8.1f}{each.line:8.1f}"
            f"{each.place:8.1f}{meant:>8}{each.mean:8.2f}{each.cascades:8.1f}{each.tracebacks:8}"
        )
    times = sorted(case.seconds * 1000 for case in cases)
    print(f"\nms per check: median {statistics.median(times):.1f}, 95 % {times[int(len(times) * 0.95)]:.1f}, ", end="")
    print(f"max {times[-1]:.1f}")
    why: dict[str, int] = defaultdict(int)
    for case in cases:
        if case.still_good:
            why[case.still_good] += 1
    print("still good because", "; ".join(f"{reason}: {count}" for reason, count in sorted(why.items())))


def main() -> None:
    """The table, or the failures of one kind."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("specs", nargs="*", type=Path)
    asked.add_argument("--cases", type=int, default=5100)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--show", choices=[*MAKERS, "all"])
    given = asked.parse_args()
    world = known()
    goods = opened([*good_specs(), *(path.resolve() for path in given.specs)], world)
    kinds = [given.show] if given.show and given.show != "all" else list(MAKERS)
    found = list(run(goods, world, kinds, given.cases, given.seed))
    if given.show:
        for case in found:
            if is_failure(case):
                show(case)
    table(found)


if __name__ == "__main__":
    main()
