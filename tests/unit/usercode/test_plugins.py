"""Validators of installed packages: found by metadata alone, and imported only to be called."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from modelsync.core.errors import StepError
from modelsync.core.signature import Parameter, Signature, SignatureFault
from modelsync.usercode import plugins

Install = Callable[..., Path]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Lay a package with validators into a folder on the path, as an installer does."""

    def lay(package: str, entries: dict[str, str], code: str = "", version: str = "1.2.0") -> Path:
        site = tmp_path / "site"
        site.mkdir(exist_ok=True)
        (site / f"{package}.py").write_text(code)
        info = site / f"{package}-{version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n")
        lines = "\n".join(f"{name} = {value}" for name, value in entries.items())
        (info / "entry_points.txt").write_text(f"[{plugins.GROUP}]\n{lines}\n")
        monkeypatch.syspath_prepend(str(site))
        monkeypatch.setitem(sys.modules, package, None)
        monkeypatch.delitem(sys.modules, package)
        return site

    return lay


def test_found_without_an_import(install: Install) -> None:
    install("acme_checks", {"few": "acme_checks:few", "all": "acme_checks:every"}, "raise SystemExit('imported')")
    assert {"few", "all"} <= set(plugins.names())
    assert plugins.identity("few") == "acme_checks 1.2.0 acme_checks:few"
    assert "acme_checks" not in sys.modules


def test_the_function_itself(install: Install) -> None:
    install("acme_checks", {"few": "acme_checks:few"}, "def few(data): return True\nnumber = 1\n")
    assert plugins.load("few")(None) is True


def test_its_source_is_read_and_not_run(install: Install) -> None:
    code = "raise SystemExit('imported')\ndef few(data, most: int) -> bool: ...\nfrom other import every\n"
    site = install("acme_checks", {"rows": "acme_checks:few", "every": "acme_checks:every"}, code)
    parameters = (Parameter("data", True), Parameter("most", True, "int"))
    assert plugins.signature("rows") == Signature("few", parameters, None, returns="bool")
    assert plugins.signature("every") is None  # it is there, and comes from elsewhere
    (site / "acme_checks.py").unlink()
    assert plugins.signature("rows") is None  # compiled, or installed to be edited
    (site / "acme_checks").mkdir()
    (site / "acme_checks" / "__init__.py").write_text("def few(): ...\n")
    assert plugins.signature("rows") == Signature("few", (), None)


def test_names_that_can_not_be_had_are_faults(install: Install) -> None:
    install("acme_checks", {"credit_limits": "acme_checks:few"})
    found = plugins.signature("credit_limit")
    assert isinstance(found, SignatureFault)
    assert (found.reason, found.suggestion) == ("package", "credit_limits")
    install("other_checks", {"credit_limits": "other_checks:few"})
    found = plugins.signature("credit_limits")
    assert isinstance(found, SignatureFault)
    assert (found.reason, found.suggestion) == ("packages", "")


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("raise SystemExit('not here')", r"the validator `few` \(acme_checks:few\) can't be imported: SystemExit: not"),
        ("import nowhere_to_be_found", "ModuleNotFoundError"),
        ("other = 1", "AttributeError"),
        ("few = 1", "is no function"),
    ],
)
def test_packages_that_are_broken(install: Install, code: str, said: str) -> None:
    install("acme_checks", {"few": "acme_checks:few"}, code)
    with pytest.raises(StepError, match=said):
        plugins.load("few")


def test_names_that_nobody_brings_and_that_two_bring(install: Install) -> None:
    install("acme_checks", {"credit_limits": "acme_checks:few"})
    with pytest.raises(StepError, match="no installed package brings a validator `credit_limit`") as info:
        plugins.identity("credit_limit")
    assert info.value.help == "is `credit_limits` meant?"
    with pytest.raises(StepError) as info:
        plugins.load("zzz")
    assert "install the package that brings it" in info.value.help
    install("other_checks", {"credit_limits": "other_checks:few"})
    with pytest.raises(StepError, match="acme_checks and other_checks both bring a validator `credit_limits`"):
        plugins.load("credit_limits")
