from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelsync.core.version import Bump, Version

NUMBERS = st.integers(0, 10**6)
VERSIONS = st.builds(Version, NUMBERS, NUMBERS, NUMBERS)


@given(VERSIONS)
def test_text_and_back(version: Version) -> None:
    assert Version.parse(str(version)) == version


@given(VERSIONS, st.sampled_from([Bump.PATCH, Bump.MINOR, Bump.MAJOR]))
def test_a_bump_is_larger_and_clears_what_is_below(version: Version, level: Bump) -> None:
    after = version.bump(level)
    assert after > version
    if level is not Bump.PATCH:
        assert after.patch == 0
    if level is Bump.MAJOR:
        assert after.minor == 0


def test_no_bump_is_the_same() -> None:
    assert Version(1, 2, 3).bump(Bump.NONE) == Version(1, 2, 3)


def test_order_is_by_number_not_by_text() -> None:
    assert Version.parse("1.10.0") > Version.parse("1.9.9")


@pytest.mark.parametrize("text", ["1.2", "v1.2.3", "1.2.3-rc1", "01.2.3", "1.2.x", "", "1.2.3 ", "1.2.3\n"])
def test_what_is_no_version_is_refused_with_the_form(text: str) -> None:
    with pytest.raises(ValueError, match=r"expected major\.minor\.patch"):
        Version.parse(text)


def test_bumps_are_ordered_and_say_their_name() -> None:
    assert max(Bump.PATCH, Bump.MAJOR, Bump.MINOR) is Bump.MAJOR
    assert str(Bump.MINOR) == "minor"
