from __future__ import annotations

import ast
from pathlib import Path

import pytest

from modelsync.usercode import syntax


def statement(text: str) -> ast.stmt:
    return ast.parse(text).body[0]


def source(tmp_path: Path, text: str) -> syntax.Source:
    file = tmp_path / "a.py"
    file.write_text(text)
    return syntax.read(file)


@pytest.mark.parametrize(
    ("one", "two"),
    [("x = 1", "x=1 # same"), ("x = u'a'", "x = 'a'"), ("def f():\n 'doc'\n return 1", "def f(): return 1")],
)
def test_same_text(one: str, two: str) -> None:
    assert syntax.text(statement(one)) == syntax.text(statement(two))


@pytest.mark.parametrize(("one", "two"), [("x = 1", "x = 1.0"), ("x = 1", "x = True"), ("x = None", "x = ...")])
def test_other_text(one: str, two: str) -> None:
    assert syntax.text(statement(one)) != syntax.text(statement(two))


def test_text_has_no_places() -> None:
    assert syntax.text(statement("x = None")) == "Assign(targets=[Name(id='x',ctx=Store(),),],value=Constant(None),)"


def test_text_has_no_empty_fields() -> None:
    assert syntax.text(statement("f()")) == "Expr(value=Call(func=Name(id='f',ctx=Load(),),),)"


def test_used_names_attributes_and_imports() -> None:
    used = syntax.used(statement("def f(a):\n    from .b import c\n    return a, lib.x, lib.y.z, other, other.q, c"))
    assert used.names >= {"lib", "other"}
    assert not {"a", "c", "f"} & used.names
    assert used.attributes["lib"] == frozenset({"x", "y"})
    assert used.attributes["other"] is None
    assert [(each.module, each.name, each.level) for each in used.imports] == [("b", "c", 1)]
    assert not used.reflects
    assert not used.imports_any


def test_a_long_sum_is_no_trouble(tmp_path: Path) -> None:
    names = " + ".join(["a"] * 900)
    found = source(tmp_path, f"x = {names}")
    assert found.said.count("'a'") == 900
    assert syntax.used(found.bound["x"][0]).names >= {"a"}


def test_bound_names_of_every_kind_of_statement(tmp_path: Path) -> None:
    found = source(
        tmp_path,
        """
import a.b
import c as d
from e import f as g
from h import *
for i in [1]:
    j: int = 1
while (k := 0):
    pass
with x as l, y as (m, n):
    pass
try:
    o = 1
except ValueError:
    p = 1
else:
    q = 1
finally:
    r = 1
match x:
    case 1:
        s = 1
del t
async def u(): ...
(v := 1)
""",
    )
    assert found.bound.keys() == set("adgijklmnopqrstuv")
    assert [each.said for each in found.stars] == ["from h import * as None"]
    assert found.imports["a"][0].said == "import a.b as None"


@pytest.mark.parametrize(
    ("text", "acts"),
    [
        ("x = [1, dict(a=1)]", False),
        ("x = 1\nx += 1", False),
        ("x: int", False),
        ("pass", False),
        ("...", False),
        ("'''text'''", False),
        ("if a:\n    x = 1", False),
        ("def f(): print(1)", False),
        ("@functools.lru_cache(maxsize=1)\ndef f(): ...", False),
        ("@dataclass\nclass C(Other): ...", False),
        ("x = make()", True),
        ("x[0] = 1", True),
        ("x.y = 1", True),
        ("x.y: int = 1", True),
        ("assert x", True),
        ("if a:\n    print(1)", True),
        ("@register\ndef f(): ...", True),
        ("@f.register\ndef _(x: int): ...", True),
        ("from .own import cache\n@cache\ndef f(): ...", True),
        ("from functools import cache\n@cache\ndef f(): ...", False),
        ("def cache(f): ...\n@cache\ndef f(): ...", True),
        ("@app.route('/')\ndef f(): ...", True),
        ("@collect\nclass C: ...", True),
        ("class C(metaclass=Meta): ...", True),
        ("from .base import Base\nclass C(Base): ...", True),
    ],
)
def test_what_acts_on_import(tmp_path: Path, text: str, acts: bool) -> None:
    assert bool(source(tmp_path, text).acts) == acts


def test_a_broken_file_is_open(tmp_path: Path) -> None:
    found = source(tmp_path, "def f(:")
    assert found.broken
    assert found.open
