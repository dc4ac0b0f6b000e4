from __future__ import annotations

from typing import Any

import pytest

from modelsync.core.artifacts import OutputType
from modelsync.core.errors import StepError
from modelsync.usercode.outputs import spread

ONE = {"model": OutputType.MODEL}
TWO = {"train": OutputType.TABLE, "test": OutputType.TABLE}


@pytest.mark.parametrize("value", [1, None, [1], {"other": 1}, {"model": 1, "more": 2}, (1, 2)])
def test_one_output_may_be_the_object_itself(value: Any) -> None:
    assert spread(value, ONE, "fit") == {"model": value}


def test_one_output_may_be_wrapped() -> None:
    assert spread({"model": 7}, ONE, "fit") == {"model": 7}


def test_metrics_with_one_number_named_like_the_output_are_the_metrics() -> None:
    outputs = {"loss": OutputType.METRICS}
    assert spread({"loss": 0.1}, outputs, "fit") == {"loss": {"loss": 0.1}}
    assert spread({"loss": {"loss": 0.1}}, outputs, "fit") == {"loss": {"loss": 0.1}}


@pytest.mark.parametrize("value", [{"test": 2, "train": 1}, (1, 2)])
def test_several_outputs_in_declared_order(value: Any) -> None:
    assert list(spread(value, TWO, "split").items()) == [("train", 1), ("test", 2)]


def test_nothing_declared_keeps_nothing() -> None:
    assert spread(object(), {}, "print") == {}


@pytest.mark.parametrize(
    ("value", "said", "help"),
    [
        ({"train": 1}, "`test` missing", "name the same"),
        ({"train": 1, "test": 2, "extra": 3}, "`extra` not declared", "name the same"),
        ({"train": 1, "tset": 2}, "`test` missing, `tset` not declared", "is `tset` meant to be `test`?"),
        ((1, 2, 3), "declares 2 outputs (`train`, `test`) but returned 3", "in this order"),
        (None, "but returned nothing (None)", "{'train': ..., 'test': ...}"),
        ([1, 2], "but returned one list", "{'train': ..., 'test': ...}"),
    ],
)
def test_what_does_not_fit_is_named(value: Any, said: str, help: str) -> None:
    with pytest.raises(StepError) as info:
        spread(value, TWO, "split")
    assert said in info.value.message
    assert "`split`" in info.value.message
    assert help in info.value.help
