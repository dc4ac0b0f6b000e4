"""Keys that do not exist: told once, read as what was meant."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from modelsync.language.decode.gates import GATE
from modelsync.language.decode.spelling import in_words, kind_of, named
from modelsync.language.load import Loaded
from modelsync.language.shapes import Named, Text
from modelsync.language.text.nodes import Mapping
from modelsync.language.text.read import read
from modelsync.language.text.source import Source

Spoil = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (["engine: {", "inputs_:\nengine: {"], ["MS101 inputs_"]),
        (["    tags:", "    tag:"], ["MS101 tag"]),
        (["  train:\n    steps:\n", "  train:\n    stpes:\n"], ["MS101 stpes"]),
        (["contract:", "contrct:"], ["MS101 contrct"]),
        (["    artifact: pipelines.train.fit.model", "    artefact: pipelines.train.fit.model"], ["MS101 artefact"]),
        (["outputs: {model: model}", "output: {model: model}"], ["MS101 output"]),
        (["{kind: local, port", "{kid: local, port"], ["MS101 kid"]),
        (["slices: {by: [plan], min_rows: 20}", "slices: {bye: [plan], min_row: 20}"], ["MS101 bye", "MS101 min_row"]),
        (["- {bump: patch, when: content.changed}", "- {bumb: patch, when: content.changed}"], ["MS101 bumb"]),
        (["limit: 2, delay", "limt: 2, delay"], ["MS101 limt"]),
        (["{test: psi, columns", "{tst: psi, columns"], ["MS101 tst"]),
    ],
)
def test_a_slip_in_a_key_is_one_finding(spoil: Spoil, changes: list[str], found: list[str]) -> None:
    assert spoil(*changes) == found


def test_an_unknown_key_names_the_nearest_and_all(spoilt: Callable[..., Loaded]) -> None:
    (found,) = spoilt("    tags:", "    tag:").diagnostics
    assert found.message == "unknown key `tag` in dataset `customers`"
    assert found.help == "did you mean `tags`?"
    assert found.notes == ("keys allowed here: contract, description, freshness, source, tags, versioning",)
    assert found.fix is not None
    assert found.fix.replacement == "tags"


def test_a_mend_that_would_write_a_key_twice_is_not_offered(spoilt: Callable[..., Loaded]) -> None:
    (found,) = spoilt("    tags:", "    sourc: x\n    tags:").diagnostics
    assert (found.code, found.fix) == ("MS101", None)


def test_what_a_mapping_of_unknown_keys_lacks_is_not_told_too(alter: Spoil) -> None:
    assert alter("retries: 2", "retries: {zzz: 2}") == ["MS101 zzz"]
    assert alter("hook: {env: CHURN_HOOK}", "hook: {qqq: CHURN_HOOK}") == ["MS101 qqq"]
    assert alter("retries: 2", "retries: {}") == ["MS102 {"]


def test_a_key_behind_an_anchor_is_told_once_with_the_place_of_its_first_use(alter: Spoil) -> None:
    merged = "retries: &r {limit: 2, dely: 5s}"
    twice = ["        each: steps.fit\n", "        each: steps.fit\n        retries: *r\n"]
    assert alter("retries: 2", merged, *twice) == ["MS101 dely"]


def test_the_place_where_an_alias_is_used_is_told_when_it_is_defined_elsewhere(
    load_text: Callable[..., Loaded],
) -> None:
    columns = "    contract:\n      columns:\n        a: *c\n        b: *c\n"
    text = f"modelsync: 1\nproject: x\nold: &c {{typ: int}}\ndatasets:\n  d:\n    source: data/customers.csv\n{columns}"
    found = {each.at.line: each for each in load_text(text).diagnostics if each.at.line == 3}
    slip = next(each for each in load_text(text).diagnostics if each.message.startswith("unknown key `typ`"))
    assert list(found) == [3]
    assert [(each.at.line, each.message) for each in slip.related] == [(9, "used here")]


def test_words_for_places() -> None:
    assert named("engine", "the spec") == "`engine`"
    assert named("limit", "`retries` of step `fit`") == "`limit` of `retries` of step `fit`"
    assert in_words(Named(Text(), "step"), "fit", "pipeline `train`") == "step `fit`"
    assert in_words(Named(Text(), "output", within=True), "model", "step `fit`") == "output `model` of step `fit`"


@pytest.mark.parametrize(
    ("text", "kind"),
    [("kind: drift", "drift"), ("kind: drft", "drift"), ("kind: zzz", ""), ("kind: [a]", ""), ("a: b", "")],
)
def test_the_kind_that_is_written_or_meant(text: str, kind: str) -> None:
    node = read(Source(Path("modelsync.yaml"), text)).root
    assert isinstance(node, Mapping)
    assert kind_of(node, GATE) == kind
