from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.unit.plan.difference.conftest import Desk

Said = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "x: {type: int, nullable: false, min: 0}",
            "x: {type: int, min: 0}",
            "gate weakened: dataset `rows`: `x`: missing values are now allowed",
        ),
        ("min: 0}", "min: 1}", "contract broken: dataset `rows`: `x`: min 0 became 1"),
        ("      key: [x]\n", "", "contract broken: dataset `rows`: the key changed from `x` to none"),
        ("values: [p, n],", "values: [p, n, q],", "gate weakened: dataset `rows`: `y`: `q` allowed as well"),
        ("freshness: 36h", "freshness: 48h", "gate weakened: dataset `rows`: `freshness` 1d12h -> 2d"),
        ("    freshness: 36h\n", "", "gate weakened: dataset `rows`: `freshness` 1d12h -> none"),
        ("tags: [one]", "tags: [two]", "changed: dataset `rows`: `tags` [one] -> [two]"),
        (
            "when: content.changed",
            "when: rows.added",
            "versioning changed: dataset `rows`: rules: without `patch: content.changed`; with `patch: rows.added`",
        ),
    ],
)
def test_what_a_dataset_promises(said: Said, old: str, new: str, told: str) -> None:
    assert told in said(old, new)


def test_a_contract_has_the_place_of_its_column(desk: Desk) -> None:
    text = desk.text.replace("values: [p, n],", "values: [p],")
    broken = next(change for change in desk.diff(text).changes if change.kind == "contract broken")
    assert broken.before is not None
    assert desk.text.splitlines()[broken.before.line - 1].strip().startswith("y:")


def test_another_contract_makes_what_reads_it_run_again(said: Said) -> None:
    found = said("min: 0}", "min: 1}")
    assert "re-runs: step `train.clean`: the contract of dataset rows" in found


def test_datasets_come_and_go(desk: Desk) -> None:
    assert desk.said("  other:\n    source: rows.csv\n", "") == ["removed: dataset `other`: was removed"]
    text = desk.text.replace("  other:\n    source: rows.csv\n", "")
    (change,) = desk.diff(desk.text, text).changes
    assert str(change) == "dataset `other`: was added"
