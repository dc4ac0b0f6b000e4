from __future__ import annotations

from pathlib import Path

from modelsync.core.cases import Case, Expected, Numbers, Past
from modelsync.core.diagnostics import Pos
from modelsync.core.version import Bump, Version


def test_a_case_is_told_from_another_by_what_it_says() -> None:
    at = Pos(Path("decisions.yaml"), 1, 1, 1, 2)
    one = Case("a", at, "m", Past(Version(1, 0, 0)), None, {}, {}, {}, {"g": {"psi.x": Numbers(0.1)}}, Expected())
    other = Case("a", at, "m", Past(Version(1, 0, 1)), None, {}, {}, {}, {"g": {"psi.x": Numbers(0.1)}}, Expected())
    assert one != other
    assert Expected(bump=Bump.MINOR) != Expected()
