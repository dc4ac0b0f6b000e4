from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from modelsync.core.artifacts import OutputType
from modelsync.core.errors import StepError
from modelsync.usercode import codecs
from modelsync.usercode.call import Call, Given, execute

Write = Callable[[str, str], Path]
Ask = Callable[..., Call]

TABLE, MODEL, METRICS, TEXT, FILE = (OutputType(name) for name in ("table", "model", "metrics", "text", "file"))


@pytest.fixture
def ask(project: Path, tmp_path: Path) -> Ask:
    def make(
        name: str,
        outputs: dict[str, OutputType],
        inputs: dict[str, Any] | None = None,
        arguments: dict[str, Any] | None = None,
        file: str | None = "flows/a.py",
    ) -> Call:
        path = None if file is None else Path(file)
        return Call(project, path, name, f"train.{name}", inputs or {}, arguments or {}, outputs, tmp_path / "out")

    return make


@pytest.fixture
def rows(tmp_path: Path) -> Given:
    frame = pd.DataFrame({"a": [0.0, 1.0, 2.0, 3.0], "y": [0, 0, 1, 1]})
    return Given(TABLE, codecs.encode(frame, TABLE, tmp_path / "in", "rows", label="x").path)


def read(call: Call, name: str) -> Any:
    made = execute(call)[name]
    return codecs.decode(made.type, made.path)


def test_objects_in_and_objects_out(write: Write, ask: Ask, rows: Given) -> None:
    write(
        "flows/a.py",
        """
        from sklearn.linear_model import LogisticRegression

        def fit(train, *, c: float):
            train["added"] = 1
            model = LogisticRegression(C=c).fit(train[["a"]], train["y"])
            train["a"] = "what the card says was seen before this"
            return model

        def evaluate(model, test):
            return {"metrics": {"right": (model.predict(test[["a"]]) == test["y"]).mean()}, "rows": test.head(2)}
        """,
    )
    fitted = execute(ask("fit", {"model": MODEL}, {"train": rows}, {"c": 2.0}))["model"]
    assert fitted.facts["signature"]["inputs"] == [{"name": "a", "type": "float"}]
    assert fitted.facts["example"] == {"a": 0.0}
    inputs = {"model": Given(MODEL, fitted.path), "test": rows}
    made = execute(ask("evaluate", {"metrics": METRICS, "rows": TABLE}, inputs))
    assert made["metrics"].facts == {"right": 1.0}
    assert made["rows"].facts == {"rows": 2, "columns": ["a", "y"]}


@pytest.mark.parametrize("hint", ["Path", "'Path'", "pathlib.Path", "Path | None", "'Unknown | Path'"])
def test_a_parameter_annotated_path_receives_the_path(write: Write, ask: Ask, rows: Given, hint: str) -> None:
    write("flows/a.py", f"import pathlib\nfrom pathlib import Path\ndef f(t: {hint}): return type(t).__name__\n")
    expected = "DataFrame" if "Unknown" in hint else "PosixPath"
    if "Unknown" in hint:  # it can't be evaluated, and its text does not plainly say Path
        write("flows/a.py", "def f(t: 'Unknown'): return type(t).__name__\n")
    assert read(ask("f", {"t": TEXT}, {"t": rows}), "t") == expected


def test_path_is_known_even_when_another_annotation_does_not_evaluate(write: Write, ask: Ask, rows: Given) -> None:
    write(
        "flows/a.py",
        "from __future__ import annotations\ndef f(t: Path, o: Missing = 1): return str(hasattr(t, 'suffix'))\n",
    )
    assert read(ask("f", {"t": TEXT}, {"t": rows}), "t") == "True"


def test_a_model_of_a_function_that_reads_the_file_itself_has_a_card(write: Write, ask: Ask, rows: Given) -> None:
    write(
        "flows/a.py",
        """
        from pathlib import Path
        import pandas as pd
        from sklearn.linear_model import LinearRegression

        def fit(train: Path):
            rows = pd.read_parquet(train)
            return LinearRegression().fit(rows[["a"]], rows["y"])
        """,
    )
    made = execute(ask("fit", {"model": MODEL}, {"train": rows}))["model"]
    assert made.facts["signature"]["inputs"] == [{"name": "a", "type": "float"}]


def test_several_files_arrive_as_a_list(write: Write, ask: Ask, rows: Given) -> None:
    write(
        "flows/a.py",
        "from pathlib import Path\ndef f(t): return str([len(each) for each in t])\n"
        "def g(t: list[Path]): return str([each.suffix for each in t])\n",
    )
    assert read(ask("f", {"t": TEXT}, {"t": (rows, rows)}), "t") == "[4, 4]"
    assert read(ask("g", {"t": TEXT}, {"t": (rows, rows)}), "t") == "['.parquet', '.parquet']"


def test_every_kind_of_parameter(write: Write, ask: Ask) -> None:
    write("flows/a.py", "def f(a, /, b, *rest, c, d=4, **more): return str([a, b, rest, c, d, more])\n")
    said = read(ask("f", {"t": TEXT}, arguments={"c": 3, "b": 2, "a": 1, "e": 5}), "t")
    assert said == "[1, 2, (), 3, 4, {'e': 5}]"


def test_an_async_function_is_awaited(write: Write, ask: Ask) -> None:
    write("flows/a.py", "import asyncio\nasync def f(): await asyncio.sleep(0); return 'done'\n")
    assert read(ask("f", {"t": TEXT}), "t") == "done"


def test_a_built_in_step(ask: Ask, rows: Given) -> None:
    call = ask("split", {"train": TABLE, "test": TABLE}, {"data": rows}, {"test_size": 0.5}, file=None)
    assert call.target == "builtin/split"
    assert [each.facts["rows"] for each in execute(call).values()] == [2, 2]


def test_a_built_in_step_that_is_not_there(ask: Ask) -> None:
    for name, help in [("splitt", "is `builtin/split` meant?"), ("zzz", "there are split, select")]:
        with pytest.raises(StepError, match=f"no step `builtin/{name}`") as info:
            execute(ask(name, {}, file=None))
        assert info.value.help == help


def test_what_the_function_raises_names_the_users_line(write: Write, ask: Ask) -> None:
    write("flows/a.py", "def f():\n    return g()\ndef g():\n    return int('x')\n")
    with pytest.raises(StepError) as info:
        execute(ask("f", {"t": TEXT}))
    error = info.value
    assert error.message == (
        "`flows/a.py:f` raised ValueError: invalid literal for int() with base 10: 'x' (flows/a.py:4)"
    )
    assert error.reason == "error"
    assert error.detail.count("File ") == 2
    assert "modelsync" not in error.detail


def test_an_exit_is_an_error_of_the_step(write: Write, ask: Ask) -> None:
    write("flows/a.py", "import sys\ndef f(): sys.exit('enough')\n")
    with pytest.raises(StepError, match=r"raised SystemExit: enough \(flows/a.py:2\)"):
        execute(ask("f", {"t": TEXT}))


def test_an_error_of_a_built_in_step_keeps_its_own_words(ask: Ask, rows: Given) -> None:
    call = ask("split", {"train": TABLE, "test": TABLE}, {"data": rows}, {"stratify": "z"}, file=None)
    with pytest.raises(StepError, match=r"^`builtin/split` can't stratify by `z`"):
        execute(call)


def test_an_error_without_a_line_of_the_user(ask: Ask, rows: Given) -> None:
    call = ask("split", {"train": TABLE, "test": TABLE}, {"data": rows}, {"test_size": "much"}, file=None)
    with pytest.raises(StepError, match=r"`builtin/split`"):
        execute(call)


@pytest.mark.parametrize(
    ("arguments", "said", "help"),
    [
        ({"learner": "x", "depht": 1}, "has no parameter `depht`", "is `depth` meant?"),
        ({"learner": "x", "zzz": 1}, "has no parameter `zzz`", "it takes learner, depth"),
        ({"depth": 1}, "needs a value for `learner`", "in `inputs` or `with`"),
    ],
)
def test_values_that_do_not_fit_the_parameters(
    write: Write, ask: Ask, arguments: dict[str, Any], said: str, help: str
) -> None:
    write("flows/a.py", "def f(learner, depth=3): ...\n")
    with pytest.raises(StepError, match=said) as info:
        execute(ask("f", {"t": TEXT}, arguments=arguments))
    assert help in info.value.help


def test_a_compiled_function_is_refused(write: Write, ask: Ask) -> None:
    write("flows/a.py", "f = vars\n")
    with pytest.raises(StepError, match=r"`flows/a.py:f` is no function written in Python"):
        execute(ask("f", {"t": TEXT}))


def test_what_is_returned_must_fit(write: Write, ask: Ask) -> None:
    write("flows/a.py", "def f(): return 3\n")
    with pytest.raises(StepError, match=r"output `t` of `train.f` is declared `text`, but an int was returned"):
        execute(ask("f", {"t": TEXT}))


def test_a_call_travels_as_json(ask: Ask, rows: Given) -> None:
    call = ask("f", {"t": TEXT, "m": MODEL}, {"one": rows, "many": (rows, rows)}, {"seed": 7, "list": [1, None]})
    assert Call.from_json(json.loads(json.dumps(call.to_json()))) == call
    built_in = ask("split", {}, file=None)
    assert Call.from_json(json.loads(json.dumps(built_in.to_json()))) == built_in
