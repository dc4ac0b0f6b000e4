from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from modelsync.core.errors import StepError
from modelsync.usercode import load

Write = Callable[[str, str], Path]


def test_relative_imports_between_the_projects_own_files(write: Write, project: Path) -> None:
    write("lib/x.py", "def y(): return 'lib'\n")
    write("flows/shared.py", "from ..lib.x import y\nfrom . import names\ndef f(): return y() + names.NAME\n")
    write("flows/names.py", "NAME = '!'\n")
    write("flows/a.py", "from .shared import f\ndef fit(): return f()\n")
    before = list(sys.path)
    assert load.function(project, Path("flows/a.py"), "fit")() == "lib!"
    assert sys.path == before
    assert not {"flows", "lib", "a"} & sys.modules.keys()


def test_a_package_runs_its_init(write: Write, project: Path) -> None:
    write("flows/__init__.py", "SET = 7\n")
    write("flows/a.py", "from . import SET\ndef fit(): return SET\n")
    assert load.function(project, Path("flows/a.py"), "fit")() == 7


def test_two_projects_with_the_same_names_stay_apart(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.py").write_text(f"def fit(): return {name!r}\n")
    functions = [load.function(tmp_path / name, Path("a.py"), "fit") for name in ("one", "two")]
    assert [each() for each in functions] == ["one", "two"]


def test_loaded_once_while_nothing_changes(write: Write, project: Path) -> None:
    file = write("a.py", "def fit(): return 1\n")
    assert load.function(project, file, "fit") is load.function(project, Path("a.py"), "fit")


def test_a_change_is_seen_at_once_even_with_the_same_size_and_time(write: Write, project: Path) -> None:
    file = write("a.py", "from .b import value\ndef fit(): return value\n")
    inner = write("b.py", "value = 1\n")
    assert load.function(project, file, "fit")() == 1
    stat = inner.stat()
    write("b.py", "value = 2\n")
    os.utime(inner, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert load.function(project, file, "fit")() == 2


def test_a_file_that_went_away(write: Write, project: Path) -> None:
    write("a.py", "from .b import value\ndef fit(): return value\n")
    inner = write("b.py", "value = 1\n")
    load.function(project, Path("a.py"), "fit")
    inner.unlink()
    with pytest.raises(StepError, match=r"`a.py` can't be imported: ModuleNotFoundError.*\(a.py:1\)"):
        load.function(project, Path("a.py"), "fit")


def test_no_cache_is_written_into_the_project(write: Write, project: Path) -> None:
    write("a.py", "def fit(): ...\n")
    load.function(project, Path("a.py"), "fit")
    assert [each.name for each in project.iterdir()] == ["a.py"]


def test_many_threads_get_the_same_function(write: Write, project: Path) -> None:
    write("a.py", "import time\ntime.sleep(0.05)\ndef fit(): ...\n")
    start = threading.Barrier(8)

    def get(_: int) -> object:
        start.wait()
        return load.function(project, Path("a.py"), "fit")

    with ThreadPoolExecutor(8) as pool:
        assert len({id(each) for each in pool.map(get, range(8))}) == 1


def test_an_error_on_import_names_the_line(write: Write, project: Path) -> None:
    write("flows/shared.py", "x = 1\ny = 1 / 0\n")
    write("flows/a.py", "from .shared import y\ndef fit(): ...\n")
    with pytest.raises(StepError) as info:
        load.function(project, Path("flows/a.py"), "fit")
    assert info.value.message == (
        "`flows/a.py` can't be imported: ZeroDivisionError: division by zero (flows/shared.py:2)"
    )
    assert "importlib" not in info.value.detail
    assert 'File "flows/a.py", line 1' in info.value.detail


def test_a_mended_file_loads_again(write: Write, project: Path) -> None:
    write("a.py", "def fit(:\n")
    with pytest.raises(StepError, match=r"SyntaxError.*\(a.py:1\)"):
        load.function(project, Path("a.py"), "fit")
    write("a.py", "def fit(): return 1\n")
    assert load.function(project, Path("a.py"), "fit")() == 1


def test_an_exit_on_import_is_an_error_of_the_step(write: Write, project: Path) -> None:
    write("a.py", "raise SystemExit(3)\n")
    with pytest.raises(StepError, match="SystemExit: 3"):
        load.function(project, Path("a.py"), "fit")


def test_an_absolute_import_of_an_own_file_says_how_to_write_it(write: Write, project: Path) -> None:
    write("flows/shared.py", "x = 1\n")
    for text in ("from flows.shared import x\n", "import shared\n"):
        write("flows/a.py", text)
        with pytest.raises(StepError) as info:
            load.function(project, Path("flows/a.py"), "fit")
        assert "write `from ." in info.value.help


def test_a_package_that_is_not_installed_says_so(write: Write, project: Path) -> None:
    write("a.py", "import no_such_package_here.inner\n")
    with pytest.raises(StepError) as info:
        load.function(project, Path("a.py"), "fit")
    assert info.value.help.startswith("install `no_such_package_here`")


def test_a_relative_import_beyond_the_root_fails(write: Write, project: Path) -> None:
    write("a.py", "from ..other import x\n")
    with pytest.raises(StepError, match="beyond top-level package"):
        load.function(project, Path("a.py"), "fit")


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("none.py", "there is no file `none.py`"),
        ("a.txt", "can't be a Python module"),
        ("a.b.py", "can't be a Python module"),
        ("../a.py", "is outside the project"),
    ],
)
def test_files_that_can_not_be_loaded(project: Path, file: str, said: str) -> None:
    with pytest.raises(StepError, match=said):
        load.function(project, Path(file), "fit")


@pytest.mark.parametrize("text", ["", "fit = 3\n", "class fit: ...\n"])
def test_a_name_that_is_no_function(write: Write, project: Path, text: str) -> None:
    write("a.py", text)
    with pytest.raises(StepError, match="has no function `fit`"):
        load.function(project, Path("a.py"), "fit")


def test_an_odd_but_possible_file_name(write: Write, project: Path) -> None:
    write("my flows/first-steps.py", "def fit(): return 1\n")
    assert load.function(project, Path("my flows/first-steps.py"), "fit")() == 1


def test_a_file_over_a_folder_of_the_same_name(write: Write, project: Path) -> None:
    write("a.py", "def fit(): return 1\n")
    (project / "a").mkdir()
    assert load.function(project, Path("a.py"), "fit")() == 1
