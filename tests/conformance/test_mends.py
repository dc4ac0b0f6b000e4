"""The mends of every bad spec come to an end, and a spec that was mended is not mended again."""

from __future__ import annotations

from pathlib import Path

import pytest

from modelsync.api.mending import ROUNDS, put_in
from modelsync.api.specs import known
from modelsync.core.diagnostics import Diagnostic, Fix
from modelsync.language.layout.formatting import layout
from modelsync.language.load import load_text
from modelsync.language.text.read import read
from modelsync.language.text.source import Source, decode_bytes

ROOT = Path(__file__).parents[2]
WRONG = sorted(ROOT.glob("specs/conformance/err/*.yaml"))


def _fixes(spec: Path, data: bytes) -> list[Fix]:
    found = load_text(spec, data, known()).diagnostics
    return [each.fix for each in found if each.fix is not None and each.fix.at.file == spec]


@pytest.mark.parametrize("spec", WRONG, ids=lambda spec: spec.stem)
def test_mends_settle_and_stay(spec: Path) -> None:
    data = spec.read_bytes()
    for _ in range(ROUNDS):
        fixes = _fixes(spec, data)
        if not fixes:
            break
        text, count = put_in(data.decode(), fixes)
        data = text.encode()
        if not count:
            break
    else:
        pytest.fail("mends never end")
    assert put_in(data.decode("utf-8", "surrogateescape"), _fixes(spec, data))[1] == 0


@pytest.mark.parametrize("spec", WRONG, ids=lambda spec: spec.stem)
def test_a_bad_spec_that_can_be_read_is_laid_out_once(spec: Path) -> None:
    source = decode_bytes(spec, spec.read_bytes())
    if isinstance(source, Diagnostic) or read(source).root is None or read(source).diagnostics:
        return  # nothing is laid out that can't be read
    once = layout(source)
    assert layout(Source(spec, once)) == once
