"""From a file to a spec: what is loaded, what is refused, and what loading costs."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from modelsync.api.mending import put_in
from modelsync.core.diagnostics import Severity
from modelsync.core.errors import UsageError
from modelsync.language.known import Known
from modelsync.language.load import Loaded, load, load_text
from modelsync.language.text.nodes import Mapping, Node, Scalar, Sequence
from modelsync.language.text.read import read
from modelsync.language.text.source import Source

HEAVY = (
    "prefect",
    "mlflow",
    "pandas",
    "numpy",
    "great_expectations",
    "evidently",
    "scipy",
    "sklearn",
    "rich",
    "pydantic",
)


def test_a_good_spec_is_loaded_without_a_word(spoilt: Callable[..., Loaded], project: Path) -> None:
    loaded = spoilt()
    assert loaded.diagnostics == ()
    assert loaded.spec is not None
    assert loaded.spec.path == project / "modelsync.yaml"
    assert loaded.spec.project == "churn-model"
    assert loaded.spec.concurrency == 2
    assert [step.id for step in loaded.spec.steps] == ["train.split", "train.features", "train.fit", "report.evaluate"]


def test_the_smallest_spec(load_text: Callable[..., Loaded]) -> None:
    spec = load_text("modelsync: 1\nproject: x\n").spec
    assert spec is not None
    assert (spec.steps, spec.concurrency) == ((), 4)


def test_findings_are_sorted_by_place_and_told_once(said: Callable[..., list[str]]) -> None:
    text = """modelsync: 1
project: x
pipelines:
  a:
    steps:
      one: &step {run: "flows/churn.py:fit", inputs: {train: datasets.zzz}, outputs: {m: model}}
      two: *step
zzz: 1
"""
    assert said(text) == ["MS201 datasets.zzz", "MS101 zzz"]


def test_warnings_wait_until_the_errors_are_gone(said: Callable[..., list[str]]) -> None:
    head = "modelsync: 1\nproject: x\nparams:\n  a: {type: int, default: 1}\n"
    assert said(head) == ["MS207 a"]
    assert said(head + "zzz: 1\n") == ["MS101 zzz"]


def test_a_spec_that_is_not_there_names_the_nearest(project: Path, known: Known) -> None:
    (project / "specs/churn").mkdir(parents=True)
    (project / "specs/churn/modelsync.yaml").touch()
    with pytest.raises(UsageError) as caught:
        load(project / "specs/chrun/modelsync.yaml", known)
    assert caught.value.help == f"did you mean `{project}/specs/churn/modelsync.yaml`?"


def test_a_folder_is_no_spec(project: Path, known: Known) -> None:
    (project / "other.yaml").touch()
    with pytest.raises(UsageError) as caught:
        load(project, known)
    assert "is a folder" in caught.value.message
    assert str(project / "other.yaml") in caught.value.help


def test_where_there_is_no_spec_at_all_init_is_offered(tmp_path: Path, known: Known) -> None:
    with pytest.raises(UsageError) as caught:
        load(tmp_path / "nowhere/modelsync.yaml", known)
    assert "modelsync init" in caught.value.help


def test_a_path_that_can_not_be_opened_is_a_usage_error(tmp_path: Path, known: Known) -> None:
    with pytest.raises(UsageError, match="can't be read"):
        load(tmp_path / ("x" * 300), known)


@pytest.mark.parametrize("data", [b"\xff\xfe", b"a: \x00", b"x" * 300_000, b"", b"[" * 5000])
def test_hostile_bytes_are_one_finding(said: Callable[..., list[str]], data: bytes) -> None:
    assert len(said(data)) == 1


PIECES = ["", "x", "[", "]", "{", "}", ":", "-", "'", '"', "&a ", "*a", "!t ", "null", "9", "1e999", "\n", "  ", "${{ "]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 12), st.sampled_from(PIECES)), min_size=1, max_size=4))
def test_a_mutated_spec_never_raises(
    load_text: Callable[..., Loaded], good: str, mutations: list[tuple[float, int, str]]
) -> None:
    text = good
    for place, length, piece in mutations:
        start = int(place * len(text))
        text = text[:start] + piece + text[start + length :]
    _sound(load_text(text))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_spec_with_lines_lost_or_swapped_never_raises(
    load_text: Callable[..., Loaded], good: str, data: st.DataObject
) -> None:
    lines = good.splitlines()
    for _ in range(data.draw(st.integers(1, 3))):
        one, other = (data.draw(st.integers(0, len(lines) - 1)) for _ in range(2))
        lines[one], lines[other] = lines[other], data.draw(st.sampled_from([lines[one], "", "      - x", "a: b"]))
    _sound(load_text("\n".join(lines)))


def _sound(loaded: Loaded) -> None:
    errors = [each for each in loaded.diagnostics if each.severity is Severity.ERROR]
    assert (loaded.spec is None) == bool(errors)
    assert all(each.at.line >= 1 and each.at.col >= 1 and each.message for each in loaded.diagnostics)


def test_loading_imports_no_heavy_library() -> None:
    code = f"import sys, modelsync.language.load; print(*(set({HEAVY!r}) & set(sys.modules)))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == ""


def test_the_subject_and_the_nodes_are_there_for_what_is_not_right(spoilt: Callable[..., Loaded]) -> None:
    loaded = spoilt("data: datasets.customers}", "data: datasets.custmers}", "severity: info", "severity: [info]")
    assert loaded.spec is None
    assert loaded.subject is not None
    assert loaded.root is not None
    assert "fit" in loaded.subject.spec.pipelines["train"].steps
    broken = spoilt("modelsync: 1", "modelsync: [1")
    assert (broken.spec, broken.subject, broken.root) == (None, None, None)


def test_bytes_that_stand_for_a_file_are_read_as_the_file(project: Path, good: str, known: Known) -> None:
    path = project / "modelsync.yaml"
    path.write_text(good)
    assert load_text(path, good.encode(), known) == load(path, known)
    path.write_text("not yet saved")
    assert load_text(path, good.encode(), known).spec is not None


def test_a_warning_waits_until_there_are_no_errors(spoil: Callable[..., list[str]]) -> None:
    warned = ["        with: {horizon", "        with: {test_horizon"]
    assert spoil("params:\n", "params:\n  idle: {type: int, default: 1}\n") == ["MS207 idle"]
    assert spoil("params:\n", "params:\n  idle: {type: int, default: 1}\n", *warned) == ["MS403 test_horizon"]


def test_variables_of_the_environment_are_those_that_are_given(load_text: Callable[..., Loaded]) -> None:
    text = 'modelsync: 1\nproject: x\ndatasets: {d: {source: "data/${{ env.WHO }}.csv"}}\n'
    assert load_text(text, {}, {"WHO": "customers"}).spec is not None
    assert [each.code for each in load_text(text, {}, {}).diagnostics] == ["MS214"]


QUOTES = ["{}", "'{}'", '"{}"']


@pytest.mark.parametrize("quotes", QUOTES, ids=["plain", "single", "double"])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("runner: threads", "runner: thraeds"),
        ("report: true", "report: yes"),
        ("timeout: 1h30m", "timeout: 90 min"),
        ("source: data/customers.csv", "source: data/custmers.csv"),
        ("run: flows/churn.py:fit", "run: flows/churn.py:fitt"),
        ("after: [steps.split]", "after: [steps.splt]"),
        ("severity: info", "severity: infoo"),
        ("target: datasets.customers", "target: dataset.customers"),
        ("artifact: pipelines.train.fit.model", "artifact: steps.fit.model"),
        ("deploy: live", "deploy: lve"),
        ("metric: recall", "metric: recal"),
        ("test: psi", "test: psii"),
        ("after: staging", "after: stagin"),
    ],
)
def test_every_mend_makes_its_finding_go_away(
    spoilt: Callable[..., Loaded], load_text: Callable[..., Loaded], project: Path, old: str, new: str, quotes: str
) -> None:
    key, _, value = new.partition(": ")
    inner = value.strip("[]")
    written = f"{key}: {value.replace(inner, quotes.format(inner))}"
    found = [each for each in spoilt(old, written).diagnostics if each.fix is not None]
    for _ in range(3):  # quotes come off first
        if not found:
            break
        text = (project / "modelsync.yaml").read_text()
        mended, count = put_in(text, [each.fix for each in found if each.fix is not None])
        assert count
        found = [each for each in load_text(mended).diagnostics if each.fix is not None]
    loaded = load_text((project / "modelsync.yaml").read_text())
    assert loaded.spec is not None, loaded.diagnostics


def test_a_block_of_text_is_not_mended(spoilt: Callable[..., Loaded]) -> None:
    for sign in (">", ">-", "|", "|-"):
        (found,) = spoilt("    source: data/customers.csv", f"    source: {sign}\n      data/custmers.csv").diagnostics
        assert found.code == "MS205"
        assert found.fix is None


def test_nesting_deeper_than_the_limit_is_refused_and_up_to_it_is_read(spoil: Callable[..., list[str]]) -> None:
    """Every walk over nodes is recursive; the depth of a text is what keeps it short."""

    def nested(depth: int) -> str:
        return "with: {floor: " + "[" * depth + "1" + "]" * depth + "}"

    assert spoil("with: {floor: 0.55}", nested(55)) == []
    assert [each[:5] for each in spoil("with: {floor: 0.55}", nested(70))] == ["MS002"]


def test_a_spec_of_many_faults_is_cut_off_quickly(said: Callable[..., list[str]]) -> None:
    step = "      s{n}: {{run: fit, inputs: {{train: x}}, outputs: {{model: zzz}}, timeout: 5, retries: many}}\n"
    text = "modelsync: 1\nproject: x\npipelines:\n  p:\n    steps:\n" + "".join(step.format(n=n) for n in range(500))
    start = time.perf_counter()
    found = said(text)
    assert len(found) == 201
    assert found[-1].startswith("MS002")
    assert time.perf_counter() - start < 10


def _slips(text: str) -> Iterator[tuple[str, str]]:
    """The text with one key or one value misspelt, two letters in the middle changed round, for each that is there."""
    source = Source(Path("modelsync.yaml"), text)
    root = read(source).root
    assert root is not None
    for each in _scalars(root):
        if not isinstance(each.value, str) or len(each.text) < 4:
            continue
        middle = len(each.text) // 2
        swapped = each.text[: middle - 1] + each.text[middle] + each.text[middle - 1] + each.text[middle + 1 :]
        if swapped != each.text:
            line = source.lines[each.at.line - 1]
            quote = '"' if each.quoted else ""
            spoilt = line[: each.at.col - 1] + quote + swapped.replace('"', "'") + quote + line[each.at.end_col - 1 :]
            yield swapped, text.replace(line, spoilt, 1)


def _scalars(node: Node) -> Iterator[Scalar]:
    match node:
        case Mapping():
            for item in node.items:
                yield item.key
                yield from _scalars(item.value)
        case Sequence():
            for each in node.items:
                yield from _scalars(each)
        case Scalar():
            yield node


def test_one_slip_is_one_finding_wherever_it_is_made(load_text: Callable[..., Loaded], whole: str) -> None:
    """No slip of the pen, in a key or in a word, makes a second finding; who may write freely is left alone."""
    counts: dict[int, list[str]] = {}
    for slip, text in _slips(whole):
        errors = [each for each in load_text(text).diagnostics if each.severity is Severity.ERROR]
        counts.setdefault(len(errors), []).append(slip)
    assert set(counts) == {0, 1}, {count: slips for count, slips in counts.items() if count > 1}
    assert len(counts[1]) > 4 * len(counts[0])


def test_what_stands_behind_an_anchor_is_told_once_with_its_way_out(load_text: Callable[..., Loaded]) -> None:
    step = "{run: flows/churn.py:fitt, inputs: {train: datasets.customers}, outputs: {model: model}, retires: 2}"
    spec = f"""modelsync: 1
project: churn
datasets: {{customers: {{source: data/customers.csv}}}}
pipelines: {{train: {{steps: {{a: &same {step}, b: *same}}}}}}
"""
    found = load_text(spec).diagnostics
    assert [(each.code, each.help) for each in found] == [
        ("MS401", "did you mean `fit`?"),
        ("MS101", "did you mean `retries`?"),
    ]
