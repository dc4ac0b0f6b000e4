"""`dataset tag`: words that come and go, with a record of it."""

from __future__ import annotations

import pytest

from tests.unit.api.datasets.conftest import Shop


@pytest.fixture
def one(shop: Shop) -> Shop:
    shop.write("rows.csv")
    shop("dataset", "add", "rows.csv", "--tag", "a")
    return shop


def test_tags_come_and_go(one: Shop) -> None:
    assert one("dataset", "tag", "rows") == "rows@1.0.0: a\n"
    assert one("dataset", "tag", "rows@1.0.0", "b", "a", "eu/2024") == "rows@1.0.0: a, b, eu/2024\n"
    assert one("dataset", "tag", "rows", "-r", "a", "-r", "b", "-r", "eu/2024") == "rows@1.0.0: no tags\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [(["a b"], "`a b` is no tag"), (["-r", "z"], "rows@1.0.0 has no tag `z`"), (["x" * 65], "is no tag")],
)
def test_what_is_no_tag(one: Shop, words: list[str], said: str) -> None:
    assert said in one("dataset", "tag", "rows", *words, exit=2)
    assert one("dataset", "tag", "rows") == "rows@1.0.0: a\n"
