"""A validator's own annotation must not say that it returns what no gate can read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from modelsync.language.load import Loaded

SPEC = """\
modelsync: 1
project: churn
datasets:
  customers: {source: data/customers.csv}
gates:
  own: {kind: custom, uses: flows/own.py:check, target: datasets.customers}
"""


@pytest.mark.parametrize(
    ("annotation", "part"),
    [
        (" -> bool", ""),
        (" -> np.bool_", ""),
        (" -> dict[str, float]", ""),
        (" -> Mapping[str, Any]", ""),
        (" -> list[dict[str, float]]", ""),
        (" -> tuple[bool, ...]", ""),
        (" -> bool | dict", ""),
        (" -> Annotated[bool, 'holds']", ""),
        (" -> 'list[bool]'", ""),
        (" -> Any", ""),
        (" -> Result", ""),  # a name of the team may be a TypedDict
        (" -> Iterable[bool]", ""),
        ("", ""),
        (" -> None", "None"),
        (" -> float", "float"),
        (" -> 'str'", "str"),
        (" -> bool | None", "None"),
        (" -> Optional[bool]", "None"),
        (" -> Union[bool, str]", "str"),
        (" -> list[float]", "float"),
        (" -> tuple[bool, str]", "str"),
        (" -> set[bool]", "set[bool]"),
        (" -> Iterator[bool]", "Iterator[bool]"),
        (" -> pd.DataFrame", "pd.DataFrame"),
        (" -> Annotated[int, 'rows']", "int"),
    ],
)
def test_what_it_says_it_returns(load_text: Callable[..., Loaded], project: Path, annotation: str, part: str) -> None:
    (project / "flows/own.py").write_text(f"def check(data){annotation}: ...\n")
    found = load_text(SPEC).diagnostics
    assert [each.code for each in found] == ["MS406"] * bool(part)
    if part:
        assert f"returns `{part}`" in found[0].message
        assert found[0].related[0].at.file == project / "flows/own.py"


def test_a_decorator_may_return_something_else(load_text: Callable[..., Loaded], project: Path) -> None:
    (project / "flows/own.py").write_text("@at_least(3)\ndef check(data) -> int: ...\n")
    assert load_text(SPEC).diagnostics == ()


def test_a_step_may_return_what_it_likes(spoilt: Callable[..., Loaded], project: Path) -> None:
    (project / "flows/own.py").write_text("def fit(train) -> float: ...\n")
    loaded = spoilt("flows/churn.py:fit", "flows/own.py:fit")
    assert "MS406" not in [each.code for each in loaded.diagnostics]


def test_an_annotation_without_an_end_is_no_end_of_ours(load_text: Callable[..., Loaded], project: Path) -> None:
    (project / "flows/own.py").write_text('def check(data) -> "list[": ...\n')
    assert load_text(SPEC).diagnostics == ()
