"""Who compares with the champion says what holds without one."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Spoil = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (["    reference: champion\n    no_reference: pass\n", "    reference: champion\n"], ["MS506 champion"]),
        (["    no_reference: hold\n", ""], ["MS506 champion"]),
        (["    reference: champion\n    no_reference: pass\n", "    reference: datasets.customers\n"], []),
        (
            [
                "    no_reference: hold\n",
                "",
                "      - {metric: roc_auc, versus: champion, min_delta: -0.002, method: delong, confidence: 0.9}\n",
                "",
            ],
            [],
        ),
        (["    uses: flows", "    reference: champion\n    uses: flows"], ["MS506 champion"]),
    ],
)
def test_the_good_spec_spoilt(spoil: Spoil, changes: list[str], found: list[str]) -> None:
    assert spoil(*changes) == found
