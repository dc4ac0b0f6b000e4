"""The head of a page: every word escaped, the worst first, nothing loaded from anywhere."""

from __future__ import annotations

import pytest

from modelsync.core.verdict import Check, GateSeverity, Outcome, Verdict
from modelsync.gates import banner

VERDICT = Verdict(
    "<b>gate</b>",
    "drift",
    GateSeverity.CRITICAL,
    Outcome.FAIL,
    "psi of <x> is 0.4",
    (
        Check("a", "fine", "psi", Outcome.PASS, 0.01, 0.2, "<=", n=10, n_reference=1200),
        Check("b", "<x>", "psi", Outcome.FAIL, 0.4, 0.2, "<=", "a & b", (0.3, 0.5), 0.001, 10),
        Check("c", "gone", "psi", Outcome.ERROR, note="lost"),
    ),
    {"checks": ["<script>"]},
    {"data": {"rows": 12345}, "target": {"ref": "x"}},
    1.25,
    "numpy 2",
)


def test_a_page_alone() -> None:
    page = banner.page(VERDICT, "no <rows>")
    assert page.startswith("<!DOCTYPE html>")
    assert "No pictures: no &lt;rows&gt;" in page
    assert "<b>gate" not in page
    assert "<x>" not in page
    assert "<script>" not in page
    for said in (
        "12,345 rows of data",
        "1.2 s",
        "decided by numpy 2",
        "&lt;= 0.2",
        "0.3 to 0.5",
        "10 / 1,200",
        "a &amp; b",
    ):
        assert said in page
    assert page.index("lost") < page.index("&lt;x&gt;</td>") < page.index("fine")


def test_a_verdict_without_anything() -> None:
    page = banner.page(Verdict("g", "quality", GateSeverity.INFO, Outcome.ERROR, "broke"), "broke")
    assert "<table>" not in page
    assert "<details>" not in page


def test_numbers_that_are_none() -> None:
    verdict = Verdict(
        "g", "custom", GateSeverity.INFO, Outcome.PASS, "", (Check("a", "", "s", Outcome.PASS, float("inf")),)
    )
    assert ">inf" not in banner.page(verdict, "")


def test_into_a_page() -> None:
    page = banner.insert("\n <!DOCTYPE html><html><head><meta></head><body><p>theirs</p></body></html>", VERDICT, "all")
    assert page.startswith("<!DOCTYPE html>")
    assert "default-src 'none'" in page
    assert page.index("psi of &lt;x&gt; is 0.4") < page.index("theirs")
    assert "drawn from all" in page
    assert "It decides nothing" in page
    with pytest.raises(ValueError, match="no page"):
        banner.insert("<html>", VERDICT, "all")
