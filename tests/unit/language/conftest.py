"""Two good specs, one of what runs today and one of the whole language, and the ways to spoil them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from modelsync.core.diagnostics import Diagnostic
from modelsync.core.signature import Parameter, Signature, SignatureFault
from modelsync.language.known import ExpectationShape, Known
from modelsync.language.load import Loaded, load
from modelsync.usercode import signature

GOOD = Path(__file__).parents[3] / "specs/conformance/ok"


@pytest.fixture(scope="session")
def known() -> Known:
    """A small world: what the spec may name outside itself."""
    split = Signature("split", tuple(Parameter(*each) for each in _SPLIT), None)
    select = Signature("select", tuple(Parameter(name, name != "mode") for name in _SELECT), None)
    return Known(
        expectations={
            "expect_column_values_to_not_be_null": ExpectationShape(("column", "mostly"), ("column",)),
            "expect_column_values_to_be_null": ExpectationShape(("column", "mostly"), ("column",)),
            "expect_column_pair_values_to_be_equal": ExpectationShape(_PAIR, _PAIR),
            "expect_table_row_count_to_be_between": ExpectationShape(("min_value", "max_value")),
        },
        drift_tests=("psi", "ks"),
        metrics=("roc_auc", "accuracy", "recall"),
        fairness_metrics=("recall", "accuracy"),
        builtins={"builtin/split": split, "builtin/select": select},
        signature=signature.read,
        validator=_installed,
    )


def _installed(name: str) -> Signature | SignatureFault | None:
    """Three validators that packages bring: one that can be read, one that can't, and one that two packages bring."""
    match name:
        case "credit_limits":
            parameters = (Parameter("data", True), Parameter("most", True, "float"))
            return Signature("limits", parameters, None, returns="dict[str, float]")
        case "compiled":
            return None
        case "twice":
            return SignatureFault("packages", "acme and other both bring a validator `twice`")
    near = "credit_limits" if name.startswith("credit") else ""
    return SignatureFault("package", f"no installed package brings a validator `{name}`", near)


_SPLIT = (
    ("data", True, "pd.DataFrame"),
    ("test_size", False, "float"),
    ("stratify", False, "str | None"),
    ("seed", False, "int"),
)
_SELECT = ("candidates", "keep", "metric", "mode")
_PAIR = ("column_A", "column_B")


@pytest.fixture(scope="session")
def good() -> str:
    """The text of the good spec."""
    return (GOOD / "everything.yaml").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def whole() -> str:
    """The text of a spec with every notion of the language, also those that can't run yet."""
    return Path(__file__).with_name("whole.yaml").read_text(encoding="utf-8")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project folder with the data and the functions that the good spec names."""
    for folder in ("data", "flows"):
        shutil.copytree(GOOD / folder, tmp_path / folder)
    return tmp_path


@pytest.fixture
def load_text(project: Path, known: Known) -> Callable[..., Loaded]:
    """Load a text as the spec of the project."""

    def loading(
        text: str | bytes, overrides: dict[str, str] | None = None, environ: dict[str, str] | None = None
    ) -> Loaded:
        spec = project / "modelsync.yaml"
        spec.write_bytes(text if isinstance(text, bytes) else text.encode())
        return load(spec, known, overrides or {}, environ or {})

    return loading


@pytest.fixture
def said(load_text: Callable[..., Loaded], project: Path) -> Callable[..., list[str]]:
    """The findings in a text, each as its code and the marked text: `MS201 steps.splt.test`."""

    def finding(
        text: str | bytes, overrides: dict[str, str] | None = None, environ: dict[str, str] | None = None
    ) -> list[str]:
        loaded = load_text(text, overrides, environ)
        lines = (project / "modelsync.yaml").read_text(encoding="utf-8-sig", errors="replace").splitlines()
        return [f"{found.code} {_marked(found, lines)}".rstrip() for found in loaded.diagnostics]

    return finding


@pytest.fixture
def spoil(good: str, said: Callable[..., list[str]]) -> Callable[..., list[str]]:
    """The findings when some parts of the good spec are replaced: `spoil("old", "new", "old2", "new2")`."""

    def spoiling(
        *pairs: str, overrides: dict[str, str] | None = None, environ: dict[str, str] | None = None
    ) -> list[str]:
        return said(_replaced(good, pairs), overrides, environ)

    return spoiling


@pytest.fixture
def spoilt(good: str, load_text: Callable[..., Loaded]) -> Callable[..., Loaded]:
    """What is loaded when some parts of the good spec are replaced."""

    def spoiling(*pairs: str, overrides: dict[str, str] | None = None, environ: dict[str, str] | None = None) -> Loaded:
        return load_text(_replaced(good, pairs), overrides, environ)

    return spoiling


@pytest.fixture
def alter(whole: str, said: Callable[..., list[str]]) -> Callable[..., list[str]]:
    """The findings when some parts of the whole spec are replaced."""

    def altering(*pairs: str, environ: dict[str, str] | None = None) -> list[str]:
        return said(_replaced(whole, pairs), None, environ)

    return altering


@pytest.fixture
def altered(whole: str, load_text: Callable[..., Loaded]) -> Callable[..., Loaded]:
    """What is loaded when some parts of the whole spec are replaced."""

    def altering(*pairs: str, environ: dict[str, str] | None = None) -> Loaded:
        return load_text(_replaced(whole, pairs), None, environ)

    return altering


def _replaced(text: str, pairs: tuple[str, ...]) -> str:
    for old, new in zip(pairs[::2], pairs[1::2], strict=True):
        assert old in text, f"the spec has no {old!r}"
        text = text.replace(old, new)
    return text


def _marked(found: Diagnostic, lines: list[str]) -> str:
    line = lines[found.at.line - 1] if found.at.line <= len(lines) else ""
    end = found.at.end_col - 1 if found.at.end_line == found.at.line else len(line)
    return line[found.at.col - 1 : end]
