"""What a watch notices, and what it waits for."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from modelsync.api.checking import check
from modelsync.api.starting import init
from modelsync.api.watching import INTERVAL, SETTLED, Watch


class EnoughError(Exception):
    """The watch noticed nothing."""


class Person:
    """Sleeps for the watch, and does something while it sleeps for the first time."""

    def __init__(self, act: Callable[[], object] = lambda: None) -> None:
        self._act = act
        self.slept: list[float] = []

    def __call__(self, seconds: float) -> None:
        self.slept.append(seconds)
        if len(self.slept) == 1:
            self._act()
        if len(self.slept) > 9:
            raise EnoughError


def watching(spec: Path) -> Watch:
    watch = Watch([spec])
    watch.checked(check([spec]), {})
    return watch


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    return init(tmp_path, "churn").spec


def test_nothing_happens_until_something_changes(spec: Path) -> None:
    person = Person()
    with pytest.raises(EnoughError):
        watching(spec).wait(person)
    assert all(seconds >= INTERVAL for seconds in person.slept)


@pytest.mark.parametrize(
    "name",
    [
        "specs/churn/modelsync.yaml",
        "specs/churn/data/tumours.csv",
        "specs/churn/suite.json",
        "flows/churn.py",
        "flows/deep/new.py",
        "validators/new.py",
    ],
)
def test_whatever_a_finding_may_depend_on_wakes_it(spec: Path, tmp_path: Path, name: str) -> None:
    file = tmp_path / name

    def write() -> None:
        file.parent.mkdir(exist_ok=True)
        with file.open("a") as handle:
            handle.write("\n")

    person = Person(write)
    watching(spec).wait(person)
    assert person.slept[1:] == [SETTLED]


@pytest.mark.parametrize("name", [".modelsync/x.json", "specs/churn/.modelsync.yaml.swp", "notes.txt", "env/x.json"])
def test_other_files_wake_nobody(spec: Path, tmp_path: Path, name: str) -> None:
    def write() -> None:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")

    with pytest.raises(EnoughError):
        watching(spec).wait(Person(write))


def test_a_spec_that_goes_and_comes_back_wakes_it_twice(spec: Path) -> None:
    watch, kept = watching(spec), spec.read_text()
    watch.wait(Person(spec.unlink))
    watch.wait(Person(lambda: spec.write_text(kept)))


def test_a_folder_that_goes_and_comes_back_wakes_it_twice(spec: Path, tmp_path: Path) -> None:
    watch, kept = Watch([tmp_path / "specs"]), spec.read_text()
    watch.checked(check([tmp_path / "specs"]), {})
    watch.wait(Person(lambda: shutil.rmtree(tmp_path / "specs")))

    def back() -> None:
        spec.parent.mkdir(parents=True)
        spec.write_text(kept)

    watch.wait(Person(back))


def test_a_folder_that_is_empty_for_now_is_waited_for(spec: Path, tmp_path: Path) -> None:
    spec.unlink()
    watch = Watch([tmp_path])
    with pytest.raises(EnoughError):
        watch.wait(Person())
    watch.wait(Person((tmp_path / "specs/modelsync.yaml").touch))


def test_a_spec_that_can_not_be_read_for_now_keeps_what_mattered(spec: Path, tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    code = tmp_path / "more/churn.py"
    shutil.move(tmp_path / "flows/churn.py", code)
    good = spec.read_text().replace("flows/churn.py", "more/churn.py")
    spec.write_text(good)
    watch = watching(spec)
    watch.wait(Person(lambda: spec.write_text(good + "\n{")))
    watch.checked(check([spec]), {})
    watch.wait(Person(lambda: code.write_text("")))


def test_a_change_during_the_check_is_a_change(spec: Path) -> None:
    watch = Watch([spec])
    found = check([spec])
    spec.write_text(spec.read_text() + "\n")
    watch.checked(found, {})
    person = Person()
    watch.wait(person)
    assert person.slept == [SETTLED]


def test_an_own_mend_is_none(spec: Path) -> None:
    watch = Watch([spec])
    spec.write_text(spec.read_text() + "\n")
    watch.checked(check([spec]), {spec: 1})
    with pytest.raises(EnoughError):
        watch.wait(Person())


def test_a_write_in_steps_wakes_it_once_it_is_over(spec: Path) -> None:
    watch, steps = watching(spec), iter(range(3))

    class Editor(Person):
        def __call__(self, seconds: float) -> None:
            super().__call__(seconds)
            if (step := next(steps, None)) is not None:
                os.utime(spec, ns=(step, step))

    editor = Editor()
    watch.wait(editor)
    assert editor.slept[1:] == [SETTLED] * 3
    with pytest.raises(EnoughError):
        watch.wait(Person())
