"""What is an expression and what is not, with the column of the first foreign part."""

from __future__ import annotations

import warnings

import pytest

from modelsync.core.expression_syntax import MAX_LENGTH, ExpressionError, name_of, names_in, tree_of


@pytest.mark.parametrize(
    ("text", "col", "said"),
    [
        ("", 0, "empty"),
        ("   \n", 0, "empty"),
        ("a = 1", 2, "`=` does not compare"),
        ("a >= 1 && b", 7, "`&&`"),
        ("a || b", 2, "`||`"),
        ("a != 1 and !b", 11, "`!`"),
        ("$x", 0, "`$`"),
        ("a >= 1 AND b", 7, "`AND` is not part"),
        ("params.AND OR 'NOT'", 11, "`OR` is not part"),
        ("NOT a", 0, "`NOT` is not part"),
        ("  a +", 5, "can't be read"),
        ("(a", 0, "never closed"),
        ("a # b", 2, "comment"),
        ("'a\\n' == b", 2, "backslash"),
        ("a \\\n or b", 2, "backslash"),
        ("a ** 2 > 1", 0, "`a ** 2`"),
        ("a // 2 > 1", 0, "`a // 2`"),
        ("a % 2 > 1", 0, "`a % 2`"),
        ("a and (b if c else d)", 7, "`b if c else d`"),
        ("lambda: 1", 0, "`lambda: 1`"),
        ("[x for x in y]", 0, "`[x for x in y]`"),
        ("(x := 1)", 1, "`x := 1`"),
        ("f'{a}' == b", 0, "not part"),
        ("b'a' == c", 0, "not part"),
        ("None == a", 0, "`None`"),
        ("... == a", 0, "`...`"),
        ("1j > a", 0, "`1j`"),
        ("1e999 > a", 0, "`1e999`"),
        ("a is b", 0, "`is` does not compare"),
        ("a <> b", 2, "`<>`"),
        ("a > 80%", 6, "`%`"),
        ("a[0] > 1", 0, "`a[0]`"),
        ("a in [b]", 5, "`[b]`"),
        ("{'a'} == b", 0, "`{'a'}`"),
        ("+a > 1", 0, "`+a`"),
        ("~a > 1", 0, "`~a`"),
        ("a.b()", 0, "`a.b()`"),
        ("(a or b).c", 0, "`(a or b).c`"),
        ("max(*a) > 1", 4, "`*a`"),
        ("max(a, key=b) > 1", 0, "`max`"),
        ("mix(a, b) > 1", 0, "`mix`"),
        ("__import__('os')", 0, "`__import__`"),
        ("gate('fair') == 'pass'", 0, "`gate` takes one dotted name"),
        ("changed(a, b)", 0, "`changed` takes one dotted name"),
        ("changed()", 0, "`changed` takes one dotted name"),
        ("'é' == 'è' and a[0]", 15, "`a[0]`"),
        ("\na[0] > 1", 1, "`a[0]`"),
        ("a\x00b", 0, "can't be read"),
        ("a == '\ud800'", 0, "can't be read"),
        ("9" * 4001 + " > a", 0, "not part"),
        ("a" * (MAX_LENGTH + 1), 0, "more than"),
        ("not " * 200 + "a", 256, "deeper"),
        ("a + " * 200 + "a > 1", 0, "deeper"),
        ("(" * 300 + "a" + ")" * 300, 200, "can't be read"),
        (", ".join("ab"), 0, "`a, b`"),
    ],
)
def test_what_is_foreign_is_refused_with_its_column(text: str, col: int, said: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        tree_of(text)
    if "comment" not in said and "can't be read" not in said:
        assert caught.value.col == col
    assert 0 <= caught.value.col <= len(text)
    assert said in caught.value.message


def test_a_near_function_is_named() -> None:
    with pytest.raises(ExpressionError) as caught:
        tree_of("mxa(a, b) > 1")
    assert caught.value.help == "did you mean `max`?"


def test_a_long_part_is_shortened_in_the_message() -> None:
    with pytest.raises(ExpressionError) as caught:
        tree_of("[" + "x," * 100 + "] == 1")
    assert len(caught.value.message) < 80


def test_nothing_is_warned_about_on_the_way() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        tree_of("1or a")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("features.added or changed(params.learner)", ["features.added", "changed(params.learner)"]),
        ("a.b - c.a.b >= 0.01 and gate(x) == 'pass'", ["a.b", "c.a.b", "gate(x)"]),
        ("true and a and False", ["a"]),
        ("-a < max(b, abs(c)) and d in ['x', -1]", ["a", "b", "c", "d"]),
        ("a or\n  b", ["a", "b"]),
    ],
)
def test_names_in_the_order_written(text: str, names: list[str]) -> None:
    assert list(names_in(tree_of(text))) == names


def test_a_literal_is_no_name() -> None:
    assert name_of(tree_of("true")) == ""
    assert name_of(tree_of("'text'")) == ""
