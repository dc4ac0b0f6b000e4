"""The house stays as the README draws it."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib import metadata
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "modelsync"
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "__pycache__" not in path.parts)
TOP = {
    "modelsync",
    "specs",
    "flows",
    "validators",
    "tests",
    "examples",
    "pyproject.toml",
    "README.md",
    "LICENSE",
    "uv.lock",
}
# Modules whose whole point is a process, a terminal or a server: the end-to-end tests drive them for real.
WITHOUT_OWN_TEST = {"__main__", "cli", "api", "engine"}


def tracked() -> list[str]:
    """Every file that Git knows, or would know after `git add .`."""
    said = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [name for name in said.stdout.splitlines() if (ROOT / name).exists()]


def test_top_level_is_the_agreed_list() -> None:
    names = {name.split("/")[0] for name in tracked()}
    assert {name for name in names if not name.startswith(".")} == TOP


def test_floors_hold() -> None:
    said = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command; lint_imports_command()",
            "--no-cache",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 0, said.stdout + said.stderr


def test_content_folders_hold_no_packages() -> None:
    found = [n for n in tracked() if re.match(r"(specs|flows|validators|examples|tests)/(.*/)?__init__\.py$", n)]
    found = [name for name in found if name != "tests/__init__.py"]  # says why it is there
    assert found == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_module_is_small_and_says_what_it_is_for(path: Path) -> None:
    text = path.read_text()
    tree = ast.parse(text)
    assert ast.get_docstring(tree), "a module starts with one sentence: what it is for"
    assert text.count("\n") <= 400
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= 60, f"{node.name} has {length} lines"


def test_no_room_without_a_subject() -> None:
    empty = re.compile(r"(utils?|helpers?|common|misc|managers?)(\.py)?$")
    assert [name for name in tracked() if any(empty.fullmatch(part) for part in name.split("/"))] == []


def test_every_module_of_the_lower_floors_has_its_test_and_every_test_its_module() -> None:
    modules = {path.relative_to(PACKAGE).with_suffix("").as_posix() for path in MODULES if path.name != "__init__.py"}
    unit = ROOT / "tests/unit"
    tests = {
        path.relative_to(unit).as_posix().replace("test_", "").removesuffix(".py") for path in unit.rglob("test_*.py")
    }
    packages = {path.parent.relative_to(PACKAGE).as_posix() for path in MODULES if path.name == "__init__.py"}
    missing = {name for name in modules - tests if name.split("/")[0] not in WITHOUT_OWN_TEST}
    assert missing == set()
    orphans = {name for name in tests - modules if not any(name.startswith(f"{p}/") or name == p for p in packages)}
    assert orphans == set()


def test_bounds_have_reasons() -> None:
    lines = (ROOT / "pyproject.toml").read_text().split("dependencies = [")[1].split("\n]")[0].splitlines()
    for before, line in pairwise(lines):
        if line.strip().startswith('"'):
            assert before.strip().startswith("#"), f"{line.strip()} has no reason"


def test_wheel_holds_the_package_and_nothing_else(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        names = wheel.namelist()
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == {"modelsync"}
    assert {"modelsync/py.typed", "modelsync/gates/expectations.json"} <= set(names)
    assert any(name.startswith("modelsync/api/template/") for name in names)


REQUIRED = [
    "prefect", "fastapi", "sqlalchemy", "mlflow", "pydantic", "ruamel.yaml", "great_expectations", "evidently",
    "pandas",
    "scipy.stats", "numpy", "sklearn", "skops.io", "pyarrow", "click", "rich", "cronsim", "tzdata", "pygls.lsp.server",
    "uvicorn", "pyfastcdc", "obstore", "pathspec",
    *(["backports.zstd"] if sys.version_info < (3, 14) else []),
]  # fmt: skip


def test_no_required_package_is_left_out() -> None:
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    names = {re.split(r"[^\w.-]", entry, maxsplit=1)[0] for entry in asked}
    brought = metadata.packages_distributions()
    imported = {plain for name in REQUIRED for plain in map(_plain, brought[name.split(".")[0]])}
    assert {_plain(name) for name in names} - imported == set()


def _plain(distribution: str) -> str:
    return re.sub(r"[-_.]+", "-", distribution).lower()


@pytest.mark.slow
def test_every_required_package_imports_beside_the_others() -> None:
    code = "import warnings; warnings.simplefilter('ignore')\n" + "\n".join(f"import {name}" for name in REQUIRED)
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr


HEAVY = ("prefect", "mlflow", "pandas", "great_expectations", "evidently", "scipy.stats", "sklearn", "numpy", "rich")
SPEC = "specs/credit/modelsync.yaml"


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["status"],
        *([name, SPEC] for name in ("check", "plan", "graph", "config", "fmt")),
        ["check", "--format", "sarif", SPEC],
        ["config", SPEC, "--resolved"],
        ["spec", "diff", SPEC, SPEC],
        *(["dataset", verb, "--help"] for verb in ("add", "show", "diff", "download", "verify")),
        ["dataset", "list"],
        ["store", "stats"],
        ["import", "--help"],
        ["explain", "MS101"],
        ["remote", "list"],
        *([name, "--help"] for name in ("add", "commit", "checkout", "merge", "push", "pull", "fetch", "clone")),
        ["schema"],
    ],
)
def test_light_commands_import_nothing_heavy(arguments: list[str]) -> None:
    code = (
        "import sys; from modelsync.cli import invoke\n"
        f"code = invoke({arguments!r})\n"
        f"print('loaded:', [n for n in {HEAVY!r} if n in sys.modules], 'exit:', code)"
    )
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert said.stdout.splitlines()[-1] == "loaded: [] exit: 0", said.stdout + said.stderr
