"""The page can be read in light and in dark: contrasts are computed, not believed."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from modelsync.core.verdict import Outcome
from modelsync.gates.page import style


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("palette", [style.LIGHT, style.DARK], ids=["light", "dark"])
def test_contrasts_are_those_of_wcag_aa(palette: Mapping[str, str]) -> None:
    grounds = [palette["paper"], palette["wash"]]
    for name in ("ink", "muted", "now", *Outcome):
        assert min(_contrast(palette[name], ground) for ground in grounds) >= 4.5, name
    for name in ("now", "before", *Outcome):
        assert _contrast(palette[name], palette["paper"]) >= 3, name
    for name in ("pass", "fail", "inconclusive"):  # dots on the zones of a scale
        assert min(_contrast(palette[name], palette[soft]) for soft in ("pass-soft", "fail-soft")) >= 3, name


def test_both_palettes_have_the_same_colours_and_the_sheet_no_other() -> None:
    assert style.LIGHT.keys() == style.DARK.keys()
    sheet = style.sheet()
    used = set(re.findall(r"var\(--([a-z-]+)\)", sheet))
    assert used <= style.LIGHT.keys()
    assert set(re.findall(r"#[0-9a-f]{6}\b", sheet)) == {*style.LIGHT.values(), *style.DARK.values()}


def test_nothing_is_loaded_and_nothing_ends_the_sheet() -> None:
    assert not re.search(r"@import|url\(|@font-face|<", style.sheet())
    assert style.sheet().count("{") == style.sheet().count("}")
