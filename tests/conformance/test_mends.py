"""The mends of every bad spec come to an end, and leave less to mend behind than there was."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from modelsync.api.mending import ROUNDS, put_in
from modelsync.api.specs import known
from modelsync.core.diagnostics import Diagnostic
from modelsync.language.layout.formatting import layout
from modelsync.language.load import load_text
from modelsync.language.text.read import read
from modelsync.language.text.source import Source, decode_bytes

ROOT = Path(__file__).parents[2]
WRONG = sorted(ROOT.glob("specs/conformance/err/*.yaml"))


@pytest.mark.parametrize("spec", WRONG, ids=lambda spec: spec.stem)
def test_mends_settle_and_bring_nothing_new(spec: Path) -> None:
    data = spec.read_bytes()
    for _ in range(ROUNDS):
        before = load_text(spec, data, known()).diagnostics
        fixes = [each.fix for each in before if each.fix is not None and each.fix.at.file == spec]
        text, count = put_in(data.decode("utf-8", "surrogateescape"), fixes)
        if not count:
            return
        data = text.encode("utf-8", "surrogateescape")
        after = load_text(spec, data, known()).diagnostics
        assert len(after) < len(before) or _unreadable(before), [each.message for each in after]
        assert not _unreadable(after) or _unreadable(before)
        assert not {each.at.line for each in before if each.fix} & {
            each.at.line for each in after if each.code == "MS001"
        }
    pytest.fail("mends never end")


def _unreadable(found: Sequence[Diagnostic]) -> bool:
    return any(each.code == "MS001" for each in found)


@pytest.mark.parametrize("spec", WRONG, ids=lambda spec: spec.stem)
def test_a_bad_spec_that_can_be_read_is_laid_out_once(spec: Path) -> None:
    source = decode_bytes(spec, spec.read_bytes())
    if isinstance(source, Diagnostic) or read(source).root is None or read(source).diagnostics:
        return  # nothing is laid out that can't be read
    once = layout(source)
    assert layout(Source(spec, once)) == once
