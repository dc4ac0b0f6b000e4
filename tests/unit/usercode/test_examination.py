"""An examination in one process: what the function is given, what it says, and where it fell."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression

from modelsync.core.artifacts import OutputType
from modelsync.core.errors import DamageError, StepError
from modelsync.usercode import codecs
from modelsync.usercode.examination import Examination, hear

Write = Callable[[str, str], Path]
Ask = Callable[..., Examination]

TABLE = pd.DataFrame({"x": [1.0, 2.0, 3.0, 4.0], "y": ["a", "a", "b", "b"]})


@pytest.fixture
def ask(write: Write, project: Path, tmp_path: Path) -> Ask:
    def make(text: str, tables: dict[str, Path] | None = None, **more: Any) -> Examination:
        write("validators/v.py", text)
        rest: dict[str, Any] = {"models": {}, "offers": {}, "arguments": {}, **more}
        return Examination(project, Path("validators/v.py"), "check", tables or {}, **rest)

    return make


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return codecs.encode(TABLE, OutputType.TABLE, tmp_path, "data", label="t").path


def test_it_is_given_what_it_names(ask: Ask, table: Path, tmp_path: Path) -> None:
    model = LogisticRegression().fit(TABLE[["x"]], TABLE["y"])
    stored = codecs.encode(model, OutputType.MODEL, tmp_path, "model", label="m", seen=[TABLE]).path
    text = """
        def check(model, data, label, positive, champion, reference, *, least):
            return {"value": len(data) + len(model.classes_), "threshold": least, "direction": ">=",
                    "note": f"{label} {positive} {champion} {reference}"}
    """
    offers = {"label": "y", "positive": "b"}
    asked = ask(text, {"data": table}, models={"model": stored}, offers=offers, arguments={"least": 6})
    (found,) = hear(asked)
    assert (found.passed, found.value, found.note) == (True, 6.0, "y b None None")
    assert Examination.from_json(json.loads(json.dumps(asked.to_json()))) == asked
    assert asked.label == "validators/v.py:check"


def test_what_is_not_named_is_not_read(ask: Ask, tmp_path: Path) -> None:
    (found,) = hear(ask("def check(): return True\n", {"data": tmp_path / "nothing"}))
    assert found.passed
    with pytest.raises(DamageError, match="can't be read as table"):
        hear(ask("def check(data): return True\n", {"data": tmp_path / "nothing"}))


def test_it_may_wait_and_may_have_helpers_beside_it(ask: Ask, write: Write, table: Path) -> None:
    write("validators/shared.py", "def rows(data): return len(data)\n")
    text = """
        from .shared import rows

        async def check(data):
            return rows(data) == 4
    """
    assert hear(ask(text, {"data": table}))[0].passed


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("def check():\n    return {}['a']\n", r"`validators/v.py:check` raised KeyError: 'a' \(validators/v.py:2\)"),
        ("import sys\ndef check():\n    sys.exit(3)\n", r"raised SystemExit: 3 \(validators/v.py:3\)"),
        ("def check():\n    raise ValueError\n", r"raised ValueError \(validators/v.py:2\)"),
        ("def check(): return 1\n", r"`validators/v.py:check` returned '1' \(int\); expected True or False"),
        ("def check(): yield True\n", "generator"),
        ("def check(size): return True\n", "missing a required argument: 'size'; given were no arguments"),
        ("def other(): return True\n", "has no function `check`"),
        ("import nowhere_to_be_found\n", "can't be imported: ModuleNotFoundError"),
        ("def check(:\n", "can't be imported: SyntaxError"),
    ],
)
def test_what_goes_wrong_is_named(ask: Ask, text: str, said: str) -> None:
    with pytest.raises(StepError, match=said):
        hear(ask(text))


def test_a_packages_validator(tmp_path: Path, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    info = tmp_path / "site" / "acme_rows-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-rows\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[modelsync.validators]\nacme_rows = acme_rows:check\n")
    (tmp_path / "site" / "acme_rows.py").write_text("def check(*, n):\n    return {'passed': 1 / n > 0}\n")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    monkeypatch.delitem(sys.modules, "acme_rows", raising=False)
    asked = Examination(project, None, "acme_rows", {}, {}, {}, {"n": 1})
    assert asked.label == "acme_rows"
    assert hear(asked)[0].passed
    failing = Examination(project, None, "acme_rows", {}, {}, {}, {"n": 0})
    with pytest.raises(StepError, match=r"`acme_rows` raised ZeroDivisionError: division by zero \(acme_rows.py:2\)"):
        hear(failing)
