"""The slow libraries come quietly, and ask no server anything."""

from __future__ import annotations

import os
import subprocess
import sys
import warnings

import pytest

from modelsync.core import quiet
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


def test_versions() -> None:
    found = libraries.versions(("great-expectations", "scikit-learn", "no-such-package"))
    assert list(found) == ["great-expectations", "scikit-learn"]
    assert found["great-expectations"] == libraries.great_expectations()[0].__version__


def test_only_known_warnings_are_hidden() -> None:
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        with libraries.drawing():
            warnings.warn("the mode.chained_assignment option is deprecated", DeprecationWarning, stacklevel=1)
            warnings.warn("all arguments of all will be keyword-only.", DeprecationWarning, stacklevel=1)
            warnings.warn("something new", DeprecationWarning, stacklevel=1)
    assert [str(entry.message) for entry in seen] == ["something new"]


@pytest.mark.slow
@pytest.mark.parametrize("library", ["great_expectations", "evidently"])
def test_the_settings_are_there_before_the_import(library: str) -> None:
    code = f"""
import os, sys
from modelsync.core import quiet
from modelsync.gates import libraries
seen = {{}}
class Watch:
    def find_spec(self, name, path=None, target=None):
        if name == "{library}":
            seen.update({{key: os.environ.get(key) for key in quiet.SETTINGS}})
            raise KeyboardInterrupt
sys.meta_path.insert(0, Watch())
try:
    libraries.{library}()
except KeyboardInterrupt:
    print(seen == dict(quiet.SETTINGS))
"""
    environment = {name: value for name, value in os.environ.items() if name not in quiet.SETTINGS}
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, env=environment)
    assert said.stdout.strip() == "True", said.stderr[-2000:]


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
    page = Path(folder) / "page.html"
    report.draw(question, verdict, page)
    for peer in report.PEERS.values():
        peer.draw(question, verdict, peer.path(page))
        text = peer.path(page).read_text()
        assert "No pictures" not in text and "No page by" not in text
print(verdict.outcome, [args for args in asked if "127.0.0.1" not in str(args) and "localhost" not in str(args)])
"""
    said = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False)
    assert said.stdout.strip() == "pass []", said.stderr[-2000:]
