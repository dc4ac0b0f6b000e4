from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from modelsync.core.signature import Parameter, Signature, SignatureFault
from modelsync.usercode import signature

Write = Callable[[str, str], Path]


def found(file: Path, name: str = "fit") -> Signature:
    result = signature.read(file, name)
    assert isinstance(result, Signature), result
    return result


def fault(file: Path, name: str = "fit") -> SignatureFault:
    result = signature.read(file, name)
    assert isinstance(result, SignatureFault), result
    return result


def test_parameters_with_their_annotations_and_place(write: Write) -> None:
    file = write(
        "flows/a.py",
        """
        import pandas as pd

        def fit(train: pd.DataFrame, /, depth=3, *, learner: str, seed: int = 0) -> object:
            return None
        """,
    )
    result = found(file)
    assert result.parameters == (
        Parameter("train", True, "pd.DataFrame"),
        Parameter("depth", False),
        Parameter("learner", True, "str"),
        Parameter("seed", False, "int"),
    )
    assert not result.open
    assert str(result.at) == f"{file}:4:1"
    assert result.at is not None
    assert file.read_text().splitlines()[3][: result.at.end_col - 1] == "def fit"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("def fit() -> bool: ...", "bool"),
        ("async def fit() -> list[bool]: ...", "list[bool]"),
        ("def fit(): ...", ""),
        ("@wrapped\ndef fit() -> bool: ...", ""),  # a decorator may return something else
    ],
)
def test_what_it_says_it_returns(write: Write, text: str, said: str) -> None:
    found = signature.read(write("flows/returns.py", text), "fit")
    assert isinstance(found, Signature)
    assert found.returns == said


def test_nothing_is_run(write: Write) -> None:
    file = write("a.py", "raise SystemExit('ran')\ndef fit(): ...\n")
    assert found(file).name == "fit"


def test_any_keyword_makes_it_open_and_star_args_are_left_out(write: Write) -> None:
    result = found(write("a.py", "def fit(a, *rest, **options): ...\n"))
    assert result.open
    assert [each.name for each in result.parameters] == ["a"]


@pytest.mark.parametrize(
    "text",
    [
        "async def fit(a): ...\n",
        "@decorated(1)\n@other\ndef fit(a): ...\n",
        "if True:\n    pass\nelse:\n    def fit(a): ...\n",
        "try:\n    import x\nexcept ImportError:\n    def fit(a): ...\n",
        "with x:\n    def fit(a): ...\n",
        "match 1:\n    case _:\n        def fit(a): ...\n",
        "def fit(b): ...\ndef fit(a): ...\n",
        "\ufeffdef fit(a): ...\n",
        "# -*- coding: latin-1 -*-\ndef fit(a): ...\n",
    ],
)
def test_forms_of_a_definition(write: Write, text: str) -> None:
    assert [each.name for each in found(write("a.py", text)).parameters] == ["a"]


def test_a_function_inside_another_or_a_class_is_none_of_the_file(write: Write) -> None:
    file = write("a.py", "def outer():\n    def fit(): ...\nclass C:\n    def fit(self): ...\n")
    assert fault(file).reason == "name"


def test_missing_file_names_the_nearest_beside_it(write: Write) -> None:
    file = write("flows/credit.py", "")
    result = fault(file.with_name("credti.py"))
    assert (result.reason, result.suggestion) == ("file", "credit.py")
    assert "there is no file" in result.message


def test_a_folder_is_no_file(project: Path) -> None:
    result = fault(project)
    assert result.reason == "file"
    assert "can't be read" in result.message


def test_missing_function_names_the_nearest_and_all(write: Write) -> None:
    result = fault(write("a.py", "def fit(): ...\ndef evaluate(): ...\n"), "evalute")
    assert (result.reason, result.suggestion) == ("name", "evaluate")
    assert "`fit`, `evaluate`" in result.message


def test_a_file_without_functions_says_so(write: Write) -> None:
    assert "defines no function" in fault(write("a.py", "x: int = 1\n")).message


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("class fit: ...\n", "is a class"),
        ("fit = 3\n", "is a variable"),
        ("fit: int\n", "is a variable"),
        ("fit, other = 1, 2\n", "is a variable"),
        ("def fit(): ...\nfit = other(fit)\n", "is a variable"),
        ("from .shared import fit\n", "imported from `.shared`; name the file"),
        ("import fit\n", "is an imported module"),
        ("import numpy as fit\n", "is an imported module"),
        ("if x:\n    fit = (\n        1\n    )\n", "is a variable"),
    ],
)
def test_what_has_the_name_but_is_no_function(write: Write, text: str, said: str) -> None:
    result = fault(write("a.py", text))
    assert result.reason == "name"
    assert said in result.message
    assert result.at is not None
    assert (result.at.line, result.at.col) < (result.at.end_line, result.at.end_col)


@pytest.mark.parametrize(
    "text",
    ["def fit(:\n", "x = (\n", "def fit():\nreturn\n", "x = 'abc\n", "  x = 1\n", "return 1\n", "async with x: pass\n"],
)
def test_a_syntax_error_has_a_place(write: Write, text: str, project: Path) -> None:
    file = project / "a.py"
    file.write_text(text)
    result = fault(file)
    assert result.reason == "syntax"
    assert result.at is not None
    assert result.at.line >= 1
    assert (result.at.line, result.at.col) < (result.at.end_line, result.at.end_col)
    assert f"line {result.at.line} is not valid Python" in result.message


@pytest.mark.parametrize(
    "data", [b"x = 1\0\n", b"# coding: nonsense\n", b"x = '\xff'\n", b"(" * 5000, b"-" * 200_000 + b"1"]
)
def test_bytes_that_are_no_python(project: Path, data: bytes) -> None:
    file = project / "a.py"
    file.write_bytes(data)
    assert fault(file).reason == "syntax"


def test_an_odd_escape_is_no_warning_of_ours(write: Write) -> None:
    assert found(write("a.py", 'pattern = "\\d"\ndef fit(): ...\n')).name == "fit"


def test_a_file_that_changed_is_read_anew(write: Write) -> None:
    assert [each.name for each in found(write("flows/a.py", "def fit(a): ...\n")).parameters] == ["a"]
    assert [each.name for each in found(write("flows/a.py", "def fit(b): ...\n")).parameters] == ["b"]
