from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from modelsync.usercode import blame, load

Write = Callable[[str, str], Path]


def caught(action: Callable[[], object]) -> BaseException:
    with pytest.raises((ValueError, KeyError)) as info:
        action()
    return info.value


def test_place_is_the_users_innermost_line_even_when_a_library_raised(write: Write, project: Path) -> None:
    write("flows/a.py", "import json\ndef f():\n    return g()\ndef g():\n    return json.loads('{')\n")
    error = caught(load.function(project, Path("flows/a.py"), "f"))
    assert blame.place(error, project) == "flows/a.py:5"
    story = blame.story(error, project)
    assert [line.strip() for line in story.splitlines()][:4] == [
        'File "flows/a.py", line 3, in f',
        "return g()",
        'File "flows/a.py", line 5, in g',
        "return json.loads('{')",
    ]
    assert "decoder.py" not in story


def test_causes_come_first(write: Write, project: Path) -> None:
    write(
        "a.py",
        "def f():\n    try:\n        {}['x']\n    except KeyError as e:\n        raise ValueError('no x') from e\n",
    )
    story = blame.story(caught(load.function(project, Path("a.py"), "f")), project)
    assert story.index("KeyError: 'x'") < story.index("ValueError: no x")


def test_a_suppressed_context_stays_away(write: Write, project: Path) -> None:
    write(
        "a.py",
        "def f():\n    try:\n        {}['x']\n    except KeyError:\n        raise ValueError('no x') from None\n",
    )
    assert "KeyError" not in blame.story(caught(load.function(project, Path("a.py"), "f")), project)


def test_a_circle_of_causes_ends() -> None:
    one, two = ValueError("one"), ValueError("two")
    one.__context__, two.__context__ = two, one
    assert blame.story(one, Path()).count("ValueError") == 2


def test_sentence_is_one_line() -> None:
    assert blame.sentence(ValueError("a\n  b")) == "ValueError: a b"
    assert blame.sentence(ValueError()) == "ValueError"


def test_an_error_of_others_has_no_place() -> None:
    assert blame.place(caught(lambda: int("x")), Path()) == ""


def test_shown_is_relative_inside_and_whole_outside(tmp_path: Path) -> None:
    assert blame.shown(tmp_path / "flows" / "a.py", tmp_path) == "flows/a.py"
    assert blame.shown(tmp_path / "a.py", tmp_path / "b") == str(tmp_path / "a.py")
