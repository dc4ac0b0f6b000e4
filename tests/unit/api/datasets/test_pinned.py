"""A spec that names an old version: planned from the store, refused where it is not there."""

from __future__ import annotations

from tests.unit.api.datasets.conftest import OTHER, SPEC, Shop

GATE = """\
gates:
  like_before:
    kind: drift
    target: datasets.orders
    reference: datasets.orders@1.0.0
    checks: [{test: psi, columns: all, max: 0.2}]
"""


def test_named_before_and_after_it_is_there(shop: Shop) -> None:
    shop.with_spec(SPEC + GATE)
    said = shop("plan", exit=2)
    assert "modelsync.yaml:17:16: dataset `orders` has no version 1.0.0" in said
    assert "versions: none yet" in said
    shop("dataset", "add", "data/orders.csv")
    shop.write("data/orders.csv", OTHER)
    lines = shop("plan").splitlines()
    assert [line.split()[:3] for line in lines[1:3]] == [["run", "dataset:", "orders"], ["run", "gate:", "like_before"]]


def test_its_bytes_are_gone(shop: Shop) -> None:
    shop.with_spec(SPEC + GATE)
    shop("dataset", "add", "data/orders.csv")
    for pack in (shop.root / ".modelsync/store/packs").rglob("*.pack"):
        pack.chmod(0o644)
        pack.unlink()
    assert "the bytes of orders@1.0.0 are not in the store" in shop("plan", exit=9)
