"""Literals, with params put in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from modelsync.core.checks import Report
from modelsync.language.decode import literals
from modelsync.language.load import Loaded
from modelsync.language.text.read import read
from modelsync.language.text.source import Source

Spoil = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (["min: 0.80", "min: high"], ["MS103 high"]),
        (["min: 0.80", "min: '0.8'"], ["MS103 '0.8'"]),
        (["min: 0.80", "min: 80%"], ["MS103 80%"]),
        (["min: 0.80", "min: [1]"], ["MS103 ["]),
        (["min: 0.80", "min: .nan"], ["MS104 .nan"]),
        (["min: 0.80", "min: 1e999"], ["MS104 1e999"]),
        (["min: 0.80", 'min: "${{ params.learner }}"'], ['MS103 "${{ params.learner }}"']),
        (["min: 0.80", 'min: "${{ params.rat }}"'], ["MS206 params.rat"]),
        (["min: 0.80", 'min: "${{ params.zzzzzz }}"'], ["MS206 params.zzzzzz"]),
        (["min: 0.80", 'min: "${{ rate }}"'], ["MS111 rate"]),
        (["min: 0.80", 'min: "${{ matrix.rate }}"'], ["MS111 matrix.rate"]),
        (["min: 0.80", 'min: "${{ env.RATE }}"'], ["MS214 env.RATE"]),
        (["min: 0.80", 'min: "${{ params.rate"'], ["MS111 ${{"]),
        (["report: true", "report: yes"], ["MS103 yes"]),
        (["report: true", "report: [true]"], ["MS103 ["]),
        (["report: true", 'report: "${{ params.zzz }}"'], ["MS206 params.zzz"]),
        (["report: true", 'report: "${{ params.deep }}"'], []),
        (["timeout: 1h30m", "timeout: 90"], ["MS106 90"]),
        (["timeout: 1h30m", "timeout: 90 s"], ["MS106 90 s"]),
        (["timeout: 1h30m", "timeout: true"], ["MS103 true"]),
        (["timeout: 1h30m", "timeout: [1s]"], ["MS103 ["]),
        (["timeout: 1h30m", 'timeout: "${{ params.nope }}"'], ["MS206 params.nope"]),
        (["timeout: 1h30m", 'timeout: "${{ params.horizon }}s"'], []),
        (["tags: [training, v1]", 'tags: ["${{ params.learner }}"]'], ['MS111 "${{ params.learner }}"']),
        (["source: data/customers.csv", "source: true"], ["MS103 true"]),
        (["source: data/customers.csv", 'source: "${{ params.zzz }}.csv"'], ["MS206 params.zzz"]),
        (["source: data/customers.csv", "source: ''"], ["MS104 ''"]),
        (["source: data/customers.csv", "source:"], ["MS103 source"]),
        (["replicas: 2", "replicas: 1.5"], ["MS103 1.5"]),
        (["replicas: 2", "replicas: 65"], ["MS104 65"]),
        (["replicas: 2", "replicas: 0"], ["MS104 0"]),
        (["severity: warning", "severity: warn"], ["MS105 warn"]),
        (["with: {floor: 0.55}", "with: {floor: {a: [.inf]}}"], ["MS104 .inf"]),
        (["min_rows: 20", "min_rows: 0"], ["MS104 0"]),
    ],
)
def test_the_good_spec_spoilt(spoil: Spoil, changes: list[str], found: list[str]) -> None:
    assert spoil(*changes) == found


def test_a_whole_value_keeps_the_type_of_its_param(spoilt: Callable[..., Loaded]) -> None:
    written = 'with: {horizon: ["${{ params.horizon }}", "${{params.rate}} of ${{ params.deep }}", 7, {a: null}]}'
    spec = spoilt('with: {horizon: "${{ params.horizon }}"}', written).spec
    assert spec is not None
    assert spec.pipelines["train"].steps["features"].arguments == {"horizon": [30, "1.0 of false", 7, {"a": None}]}


def test_a_text_of_many_openings_takes_no_time(spoil: Spoil) -> None:
    found = spoil("tenure_days, mostly: 0.99", "tenure_days, mostly: '}}" + "${{" * 15_000 + "'")
    assert [each[:5] for each in found] == ["MS111"]


@pytest.mark.parametrize(
    ("hole", "found", "help"),
    [
        ("${{ learner }}", "MS111 learner", "did you mean `params.learner`?"),
        ("${{ param.learner }}", "MS111 param.learner", "did you mean `params.learner`?"),
        ("${{ Params.learner }}", "MS111 Params.learner", "did you mean `params.learner`?"),
        ("${{ params.learner.x }}", "MS111 params.learner.x", "did you mean `params.learner`?"),
        ("${{ params.learner | upper }}", "MS111 params.learner | upper", "did you mean `params.learner`?"),
        ("${{ params.lerner }}", "MS206 params.lerner", "did you mean `params.learner`?"),
        ("${{ steps.fit.model }}", "MS111 steps.fit.model", "write `${{ params.name }}`"),
        ("${{ zzz }}", "MS111 zzz", "write `${{ params.name }}`"),
        ("${{ params. }}", "MS111 params.", "write `${{ params.name }}`"),
        ("${{ }}", "MS111 ${{ }}", "write `${{ params.name }}`"),
        ("${{}}", "MS111 ${{}}", "write `${{ params.name }}`"),
        ("${{", "MS111 ${{", "write `${{ params.name }}`"),
        ("a ${{ params.learner", "MS111 ${{", "write `${{ params.name }}`"),
        ("${{ env.HOM }}", "MS214 env.HOM", "did you mean `env.HOME`?"),
        ("${{ env.QQQQQ }}", "MS214 env.QQQQQ", "set it before: `export QQQQQ=...`"),
    ],
)
def test_what_can_not_be_put_in(spoilt: Callable[..., Loaded], hole: str, found: str, help: str) -> None:
    loaded = spoilt('learner: "${{ params.learner }}"', f'learner: "{hole}"', environ={"HOME": "/home/me"})
    (told,) = loaded.diagnostics
    line = f'        with: {{learner: "{hole}", seed: 7}}'
    assert f"{told.code} {line[told.at.col - 1 : told.at.end_col - 1]}" == found
    assert told.help == help


def test_the_opening_that_is_not_closed_is_the_one_that_is_shown(spoilt: Callable[..., Loaded]) -> None:
    for hole, start in (("${{ params.a ${{ params.learner }}", 0), ("${{ params.learner }} ${{ params.b", 22)):
        (told,) = spoilt('learner: "${{ params.learner }}"', f'learner: "{hole}"').diagnostics
        assert told.at.col == len('        with: {learner: "') + 1 + start


def test_secrets_are_never_put_in(spoilt: Callable[..., Loaded]) -> None:
    (told,) = spoilt('"${{ params.learner }}"', '"${{ secrets.key }}"').diagnostics
    assert (told.code, told.help[:27]) == ("MS111", "a secret is never put in: g")
    (told,) = spoilt('"${{ params.learner }}"', '"${{ env.API_TOKEN }}"', environ={"API_TOKEN": "x"}).diagnostics
    assert told.code == "MS602"
    assert "x" not in told.message.replace("`env.API_TOKEN`", "").split("; what")[0].split()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("${{ env.HOME }}", "/home/me"),
        ("${{ env.N }}", "3"),
        ("v${{env.N}}", "v3"),
        ("$${{ params.horizon }}", "$30"),
        ("}} ${{ params.horizon }} {{", "}} 30 {{"),
        ("${{\tparams.horizon }}", 30),
        ("${ params.horizon }", "${ params.horizon }"),
    ],
)
def test_what_is_put_in(spoilt: Callable[..., Loaded], text: str, value: object) -> None:
    loaded = spoilt('learner: "${{ params.learner }}"', f'learner: "{text}"', environ={"HOME": "/home/me", "N": "3"})
    assert loaded.subject is not None, loaded.diagnostics
    found = loaded.subject.spec.pipelines["train"].steps["fit"].arguments["learner"]
    assert (found, type(found)) == (value, type(value))


def test_a_variable_is_text_and_fits_no_number(spoilt: Callable[..., Loaded]) -> None:
    (told,) = spoilt("min_rows: 20", 'min_rows: "${{ env.N }}"', environ={"N": "20"}).diagnostics
    assert told.code == "MS103"
    assert told.help.startswith("what is put in is text here")
    assert told.fix is None


def test_a_mend_never_takes_away_what_is_put_in(spoilt: Callable[..., Loaded]) -> None:
    (told,) = spoilt("severity: warning", 'severity: "${{ env.S }}"', environ={"S": "warnin"}).diagnostics
    assert (told.code, told.help, told.fix) == ("MS105", "did you mean `warning`?", None)


@pytest.mark.parametrize(
    ("written", "help", "mend"),
    [
        ("'20'", "remove the quotes", "20"),
        ('"-3"', "remove the quotes", "-3"),
        ("1_000", "write `1000`, without `_` or `,`", "1000"),
        ("'1,000'", "write `1000`, without `_` or `,`", "1000"),
        ("20.0", "write `20`", "20"),
        ("20.5", "", None),
        ("20%", "", None),
        ("'2.5'", "", None),
        ("many", "", None),
        ("'" + "9" * 40 + "'", "", None),
        ("true", "", None),
        ("null", "", None),
        ("[20]", "", None),
    ],
)
def test_a_whole_number_and_what_was_meant(
    spoilt: Callable[..., Loaded], written: str, help: str, mend: str | None
) -> None:
    told = spoilt("min_rows: 20", f"min_rows: {written}").diagnostics[0]
    assert (told.code, told.help) == ("MS103", help)
    assert (told.fix and told.fix.replacement) == mend
    assert told.message.startswith("`min_rows` of `slices` of fairness gate `fair` must be a whole number, not ")


@pytest.mark.parametrize(
    ("written", "help", "mend"),
    [
        ("80%", "write the share, `0.8`", None),
        ("'0.8'", "remove the quotes", "0.8"),
        ("'.8'", "remove the quotes", ".8"),
        ("'0,8'", "write `0.8`, with a point", "0.8"),
        ("'%'", "", None),
    ],
)
def test_a_number_and_what_was_meant(spoilt: Callable[..., Loaded], written: str, help: str, mend: str | None) -> None:
    (told,) = spoilt("min: 0.80, max", f"min: {written}, max").diagnostics
    assert (told.code, told.help) == ("MS103", help)
    assert (told.fix and told.fix.replacement) == mend


def test_a_share_where_percent_are_meant(altered: Callable[..., Loaded]) -> None:
    (told,) = altered("traffic: 5,", "traffic: 5%,").diagnostics
    assert told.help == "it is in percent already: write `5`"
    assert told.fix is not None
    assert told.fix.replacement == "5"


def test_what_was_meant_is_still_held_against_the_bounds(spoil: Spoil) -> None:
    assert spoil("port: 8080", "port: '99999'") == ["MS103 '99999'", "MS104 '99999'"]
    assert spoil("port: 8080", "port: '8081'") == ["MS103 '8081'"]


@pytest.mark.parametrize(
    ("written", "mend"),
    [("yes", "true"), ("Off", "false"), ("'true'", "true"), ("ture", "true"), ("flase", "false")],
)
def test_a_truth_value_and_what_was_meant(spoilt: Callable[..., Loaded], written: str, mend: str) -> None:
    for old, new in (("report: true", f"report: {written}"), ("nullable: false", f"nullable: {written}")):
        (told,) = spoilt(old, new).diagnostics
        assert told.code == "MS103"
        assert told.fix is not None
        assert told.fix.replacement == mend


def test_a_truth_value_that_may_be_a_word_as_well(spoilt: Callable[..., Loaded]) -> None:
    (told,) = spoilt("report: true", "report: data_doc").diagnostics
    assert (told.code, told.help) == ("MS105", "did you mean `data_docs`?")
    assert told.fix is not None
    (told,) = spoilt("report: true", "report: maybe").diagnostics
    assert (told.code, told.help) == ("MS105", "it is one of true, false, evidently, data_docs")
    (told,) = spoilt("nullable: false", "nullable: maybe").diagnostics
    assert (told.code, told.help) == ("MS103", "write `true` or `false`")
    spec = spoilt("report: true", 'report: "${{ params.page }}"', "params:\n", PAGE).spec
    assert spec is not None
    assert spec.gates["data_quality"].report is Report.EVIDENTLY


PAGE = "params:\n  page: {type: enum, values: [evidently, data_docs], default: evidently}\n"


def test_a_bad_name_that_is_put_in_is_told_where_it_is_declared(spoil: Spoil) -> None:
    assert spoil("  label: {", "  la-bel: {", "params.label", "params.learner", '"1.1"', '"gbm"') == ["MS107 la-bel"]
    changes = ["  horizon: {", "  hori-zon: {", "params.horizon", "params.hori-zon"]
    assert spoil(*changes) == ["MS107 hori-zon"]


def test_as_written_a_hole_stays_a_hole() -> None:
    source = Source(Path("modelsync.yaml"), 'a: ["${{ params.x }}", 1.10, {b: null}]')
    root = read(source).root
    assert root is not None
    assert literals.as_written(root) == {"a": ["${{ params.x }}", 1.1, {"b": None}]}


def test_a_bound_without_the_other_is_said_alone(spoilt: Callable[..., Loaded]) -> None:
    (found,) = spoilt("max: 0.2,", "max: -1,").diagnostics
    assert found.message.endswith("is -1; it must be at least 0")
