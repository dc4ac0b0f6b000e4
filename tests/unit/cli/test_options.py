from __future__ import annotations

import click
import pytest

from modelsync.cli.options import overrides


def test_pairs_become_a_map_and_a_value_may_hold_a_sign() -> None:
    assert overrides(("learner=forest", "query=a=b")) == {"learner": "forest", "query": "a=b"}


@pytest.mark.parametrize("pair", ["learner", "=forest", ""])
def test_what_is_no_pair_is_refused_with_the_form(pair: str) -> None:
    with pytest.raises(click.UsageError, match="is not NAME=VALUE"):
        overrides((pair,))
