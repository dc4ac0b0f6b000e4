"""The name that was probably meant."""

from __future__ import annotations

import pytest

from modelsync.core.nearest import edits, is_slip, nearest, slipped


@pytest.mark.parametrize(
    ("written", "known", "meant"),
    [
        ("freshnes", ["freshness", "source"], "freshness"),
        ("FRESHNESS", ["freshness"], "freshness"),
        ("to_be_not_null", ["to_be_null", "to_not_be_null"], "to_not_be_null"),
        ("zzz", ["freshness"], ""),
        ("anything", [], ""),
        ("ab", ["Ab", "ab"], "Ab"),
        ("maxStd", ["max_std", "maxstd"], "max_std"),
        ("ExpectColumnToExist", ["expect_column_to_exist"], "expect_column_to_exist"),
        ("no-reference", ["no_reference", "reference"], "no_reference"),
        ("Row Count", ["row_count"], "row_count"),
        ("mail_hook", ["chat_hook"], ""),
        ("run.finished", ["run.failed"], ""),
        ("prod.requests", ["live.requests"], ""),
        ("expect_column_values_to_be_positive", ["expect_column_values_to_be_of_type"], ""),
        ("steps.splt.test", ["steps.split.test", "steps.split.train"], "steps.split.test"),
        ("latency_p95", ["latency_p95_ms", "error_rate"], "latency_p95_ms"),
    ],
)
def test_the_nearest_name_or_none(written: str, known: list[str], meant: str) -> None:
    assert nearest(written, known) == meant


def test_among_very_many_names_those_of_like_length_are_compared() -> None:
    many = [f"{'x' * length}" for length in range(100, 900)]
    assert nearest("column_a", [*many, "column_b"]) == "column_b"


@pytest.mark.parametrize(
    ("written", "known", "meant"),
    [
        ("om", ["on", "by", "id"], "on"),
        ("yb", ["on", "by", "id"], "by"),
        ("trian", ["rain", "train", "trial"], "train"),
        ("mix", ["max", "min", "mis"], "mis"),
        ("steps.spilt.train", ["steps.fit.train", "steps.split.train", "steps.split.test"], "steps.split.train"),
        ("cat", ["bat", "vat", "car"], "car"),
        ("a", ["b", "c"], ""),
    ],
)
def test_one_slip_of_the_finger_wins_however_short_the_name(written: str, known: list[str], meant: str) -> None:
    assert nearest(written, known) == meant


@pytest.mark.parametrize(
    ("one", "other", "count"), [("", "abc", 3), ("ab", "ba", 1), ("kitten", "sitting", 3), ("x", "x", 0)]
)
def test_edits_are_letters_put_in_taken_out_replaced_or_swapped(one: str, other: str, count: int) -> None:
    assert edits(one, other) == edits(other, one) == count


def test_another_number_is_another_name_and_no_slip() -> None:
    assert is_slip("colunm_1", "column_1")
    assert not is_slip("column_1", "column_2")
    assert not is_slip("column", "colour_s")


@pytest.mark.parametrize(("written", "meant"), [("ss", "s"), ("n", "m"), ("sm", "ms"), ("GBi", "GiB"), ("q", "")])
def test_even_one_letter_can_be_a_slip_where_the_words_are_few(written: str, meant: str) -> None:
    assert slipped(written, ("s", "m", "d", "ms", "GiB")) == meant
