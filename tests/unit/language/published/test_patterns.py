from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelsync.core.units import seconds, size_in_bytes
from modelsync.language.names import is_name
from modelsync.language.published import patterns

TEXTS = st.one_of(
    st.text(alphabet="0159.msdhkKMGTiB ", max_size=8),
    st.from_regex(re.compile(r"([0-9]+(\.[0-9]+)?(ms|s|m|h|d))+", re.ASCII), fullmatch=True),
    st.from_regex(re.compile(r"[0-9]+(\.[0-9]+)?[kKMGT]?i?B", re.ASCII), fullmatch=True),
)


def fits(pattern: str, text: str) -> bool:
    return re.search(pattern, text) is not None


def reads(read: object, text: str) -> bool:
    assert callable(read)
    try:
        read(text)
    except ValueError:
        return False
    return True


@given(TEXTS)
def test_durations_and_sizes_are_those_that_can_be_read(text: str) -> None:
    assert fits(patterns.whole(patterns.DURATION), text) is reads(seconds, text)
    assert fits(patterns.whole(patterns.SIZE), text) is reads(size_in_bytes, text)


@given(
    st.one_of(st.text(alphabet="aZ_0-. ü", max_size=70), st.sampled_from(["and", "lambda", "And", "x" * 64, "x" * 65]))
)
def test_names_are_those_that_can_be_declared(text: str) -> None:
    assert fits(patterns.NAME, text) is is_name(text)


@pytest.mark.parametrize(
    ("text", "literal", "filled", "plain", "value"),
    [
        ("x", True, False, True, False),
        ("", True, False, True, False),
        ("${{ params.x }}", True, True, False, True),
        ("${{params.x}}", True, True, False, True),
        ("${{ env.X }}", True, True, False, False),
        ("a ${{ matrix.x }} b ${{ env.Y }}\nc", True, True, False, False),
        ("${{ seed }}", False, False, False, False),
        ("${{ params.x }} ${{ params.y", False, False, False, False),
        ("a $x {y}", True, False, True, False),
    ],
)
def test_holes(text: str, literal: bool, filled: bool, plain: bool, value: bool) -> None:
    assert fits(patterns.LITERAL, text) is literal
    assert fits(patterns.FILLED, text) is filled
    assert fits(patterns.PLAIN, text) is plain
    assert fits(patterns.VALUE_OF_PARAM, text) is value


@pytest.mark.parametrize(
    ("heads", "words", "inside", "good", "bad"),
    [
        (
            ("datasets",),
            (),
            False,
            ["datasets.a", "datasets.a@1.2.0", "datasets.a@1.0.0-rc.1"],
            ["dataset.a", "datasets"],
        ),
        (("outputs",), (), False, ["pipelines.a.b.c"], ["steps.b.c", "pipelines.a.b", "pipelines.a.b.c.d"]),
        (("outputs",), (), True, ["pipelines.a.b.c", "steps.b.c"], ["steps.b", "steps.b.c.d"]),
        (("steps",), (), True, ["pipelines.a.b", "steps.b"], ["steps.b.c", "b"]),
        (
            ("models",),
            ("champion",),
            False,
            ["models.a", "champion"],
            ["champions", "models.a.b", "models.${{ params.x }}"],
        ),
        (("live",), (), False, ["live.requests"], ["live", "live.request"]),
    ],
)
def test_references(
    heads: tuple[str, ...], words: tuple[str, ...], inside: bool, good: list[str], bad: list[str]
) -> None:
    pattern = patterns.reference(heads, words, in_pipeline=inside)
    assert [text for text in good if not fits(pattern, text)] == []
    assert [text for text in bad if fits(pattern, text)] == []


@pytest.mark.parametrize(
    ("section", "good", "bad"),
    [
        ("gates", ["fair", "gates.fair"], ["gates.a.b", "a-b", "stages.fair"]),
        ("roles", ["ml-lead", "roles.viewer"], ["ana@example.org"]),
        (patterns.UNTIL, ["staging", "train.fit", "pipelines.train.fit"], ["steps.train.fit.model", "a b"]),
    ],
)
def test_names_of_sections(section: str, good: list[str], bad: list[str]) -> None:
    assert [text for text in good if not fits(patterns.name_of(section), text)] == []
    assert [text for text in bad if fits(patterns.name_of(section), text)] == []


def test_addresses_have_a_scheme_that_is_known() -> None:
    pattern = patterns.scheme(("s3", "https"))
    good = ["data/x.csv", "s3://a/b", "https://x", "${{ params.base }}/x", "${{ params.base }}://x"]
    assert [text for text in good if not fits(pattern, text)] == []
    assert [text for text in ("ftp://x", "http://x", "a s3://b") if fits(pattern, text)] == []


@pytest.mark.parametrize("text", ["flows/churn.py:fit", "a.py:_f", "flows/über.py:größe"])
def test_functions(text: str) -> None:
    assert fits(patterns.FUNCTION, text)


@pytest.mark.parametrize("text", ["flows/churn.py", "flows/churn.py:1x", "churn:fit", "flows/churn.py:a.b", ".py:f"])
def test_no_functions(text: str) -> None:
    assert not fits(patterns.FUNCTION, text)


@pytest.mark.parametrize("text", ["validators/rows.py:check", "credit_limits", "acme.credit-limits", "_x"])
def test_validators(text: str) -> None:
    assert fits(patterns.VALIDATOR, text)


@pytest.mark.parametrize("text", ["validators/rows.py", "rows.py", "a b", "7up", "rows:check", "${{ params.x }}", ""])
def test_no_validators(text: str) -> None:
    assert not fits(patterns.VALIDATOR, text)


def test_the_key_that_merges_is_no_name_and_still_let_in() -> None:
    assert not fits(patterns.NAME, "<<")
    assert fits(patterns.or_merged(patterns.NAME), "<<")
    assert not fits(patterns.or_merged(patterns.NAME), "<<a")
