"""`dataset add` killed at bad moments: no version without its bytes, no half-written spec, and again is enough."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from modelsync.engine.workspace import Workspace
from tests.unit.api.datasets.conftest import OTHER, SPEC, Shop


@pytest.mark.parametrize(
    "point", ["after_pack_write", "before_pack_rename", "after_pack_rename", "before_put_commit", "after_put_commit"]
)
def test_killed_and_done_again(shop: Shop, point: str) -> None:
    spec = shop.with_spec()
    shop("dataset", "add", "data/orders.csv")
    before = Workspace(shop.root).state().datasets
    shop.write("data/new.csv", OTHER)
    killed = subprocess.run(
        [sys.executable, "-m", "modelsync", "dataset", "add", "data/new.csv"],
        cwd=shop.root,
        env={**os.environ, "MODELSYNC_FAILPOINT": point},
        capture_output=True,
        check=False,
    )
    assert killed.returncode == 137, killed.stderr
    assert Workspace(shop.root).state().datasets == before
    assert spec.read_text() == SPEC
    assert shop("store", "fsck", "--full") == "ok nothing is wrong\n"
    assert "is new@1.0.0" in shop("dataset", "add", "data/new.csv")
    assert shop("dataset", "verify").count("✓") == 2
