"""The slow libraries come quietly, and ask no server anything."""

from __future__ import annotations

import os
import subprocess
import sys
import warnings

import pytest

from modelsync.gates import libraries


def test_great_expectations() -> None:
    gx, registry = libraries.great_expectations()
    assert gx.__version__.startswith("1.")
    assert "expect_column_to_exist" in registry.list_registered_expectation_implementations()
    assert os.environ["GX_ANALYTICS_ENABLED"] == "false"


def test_evidently() -> None:
    library = libraries.evidently()
    assert library.Report is not None
    assert library.presets.DataDriftPreset is not None
    assert os.environ["DO_NOT_TRACK"] == "true"


def test_only_known_warnings_are_hidden() -> None:
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        with libraries.drawing():
            warnings.warn("the mode.chained_assignment option is deprecated", DeprecationWarning, stacklevel=1)
            warnings.warn("all arguments of all will be keyword-only.", DeprecationWarning, stacklevel=1)
            warnings.warn("something new", DeprecationWarning, stacklevel=1)
    assert [str(entry.message) for entry in seen] == ["something new"]


@pytest.mark.slow
def test_a_fresh_import_asks_no_server() -> None:
    code = """
import sys
asked = []
watched = ("socket.getaddrinfo", "socket.connect")
sys.addaudithook(lambda event, args: asked.append(args[:2]) if event in watched else None)
import pandas as pd
from pathlib import Path
import tempfile
from modelsync.core.checks import DriftCheck, Expectation
from modelsync.gates import report
from modelsync.gates.judging import judge
from modelsync.gates.question import Question
frame = pd.DataFrame({"a": range(100)})
wanted = (Expectation("expect_column_values_to_not_be_null", {"column": "a"}),)
question = Question("q", "quality", table=frame, checks=wanted)
verdict = judge(question)
with tempfile.TemporaryDirectory() as folder:
    report.draw(question, verdict, Path(folder) / "page.html")
    assert "No pictures" not in (Path(folder) / "page.html").read_text()
print(verdict.outcome, [args for args in asked if "127.0.0.1" not in str(args) and "localhost" not in str(args)])
"""
    said = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False)
    assert said.stdout.strip() == "pass []", said.stderr[-2000:]
