from __future__ import annotations

from typing import Any

from modelsync.language.normal import normal_form
from modelsync.language.resolved.fill import resolve
from modelsync.language.resolved.paper import origins, plain, yaml
from modelsync.language.subject import Subject
from tests.unit.language.resolved.conftest import SHORT, Read


def at(subject: Subject, *path: str | int) -> Any:
    found = plain(resolve(subject))
    for step in path:
        found = found[step]
    return found


def test_sections_stay_in_the_order_of_the_author_and_what_holds_anyway_follows(read_short: Read) -> None:
    found = plain(resolve(read_short()))
    assert list(found) == [
        "modelsync", "project", "params", "secrets", "datasets", "pipelines", "gates", "models", "stages", "schedules",
        "engine",
    ]  # fmt: skip
    assert found["engine"] == {"concurrency": 2, "runner": "threads"}


def test_short_forms_are_long(read_short: Read) -> None:
    subject = read_short()
    assert at(subject, "datasets", "rows", "contract", "columns", "x") == {
        "type": "int", "nullable": True, "role": "feature",
    }  # fmt: skip
    assert at(subject, "pipelines", "train", "steps", "make", "retries") == {
        "limit": 2, "delay": "0s", "backoff": 1, "on": ["error", "timeout"],
    }  # fmt: skip
    fit = at(subject, "pipelines", "train", "steps", "fit")
    assert (fit["after"], fit["inputs"]) == (["make"], {"data": "pipelines.train.make.table"})
    assert at(subject, "gates", "quality", "checks") == [
        {"expect_table_row_count_to_be_between": {}},
        {"expect_column_values_to_not_be_null": {"column": "x"}},
    ]
    assert at(subject, "gates", "drifted", "checks") == [
        {"test": "psi", "max": 0.2, "columns": ["all"], "failing_share": 0}
    ]
    assert at(subject, "stages", "staging", "gates") == ["good"]
    assert at(subject, "datasets", "rows", "tags") == ["team"]


def test_defaults_hang_on_what_is_written(read_short: Read) -> None:
    subject = read_short()
    steps = at(subject, "pipelines", "train", "steps")
    assert (steps["make"]["isolate"], steps["fit"]["isolate"]) == ("process", "thread")
    one, other = at(subject, "gates", "good", "checks")
    assert one == {"metric": "roc_auc", "min": 0.5, "decide_on": "point"}
    assert other == {"metric": "roc_auc", "versus": "champion", "min_delta": 0, "method": "point", "confidence": 0.95}
    schedules = at(subject, "schedules")
    assert "timezone" not in schedules["hourly"]
    assert schedules["nightly"]["timezone"] == "UTC"
    assert [rule["bump"] for rule in at(subject, "datasets", "rows", "versioning", "rules")] == [
        "major",
        "minor",
        "patch",
    ]
    assert at(subject, "models", "m", "versioning")["start"] == "0.1.0"
    assert SHORT.count("{metric: roc_auc, min:") == 1
    decided = SHORT.replace("{metric: roc_auc, min:", "{metric: roc_auc, decide_on: interval, min:")
    assert at(read_short(decided), "gates", "good", "checks")[0]["confidence"] == 0.95
    memory = SHORT.replace("        matrix:", "        resources: {memory: 1GiB}\n        matrix:")
    assert at(read_short(memory), "pipelines", "train", "steps", "fit", "isolate") == "process"


def test_values_have_the_type_that_they_are_used_with(read_short: Read) -> None:
    subject = read_short()
    columns = at(subject, "datasets", "rows", "contract", "columns")
    assert columns["y"]["values"] == ["a", 1]
    assert columns["z"]["values"] == ["1.10", "b"]
    assert at(subject, "params", "word", "default") == "1.10"
    assert at(subject, "params", "rate", "default") == 0.5


def test_params_and_variables_are_put_in_and_the_values_of_a_matrix_are_not(read_short: Read) -> None:
    subject = read_short(size="7")
    steps = at(subject, "pipelines", "train", "steps")
    assert steps["make"]["with"] == {"size": 7, "name": "1.10-7", "deep": {"rate": [0.5]}}
    assert steps["fit"]["with"] == {"seed": "${{ matrix.seed }}", "tag": "7/${{ matrix.seed }}"}
    assert steps["fit"]["matrix"] == {"seed": [1, 7]}
    assert steps["fit"]["env"] == {"HOME_OF": "/home/ana", "TOKEN": "secrets.hook"}
    assert at(subject, "params", "size", "default") == 7


def test_every_value_says_where_it_comes_from(read_short: Read) -> None:
    environ = {"PLACE": "/home/ana", "MODELSYNC_PARAM_RATE": "0.25"}
    subject = read_short(environ=environ, size="7", password="s3cret")
    found = {pointer: str(origin) for pointer, origin in origins(resolve(subject))}
    lines = SHORT.splitlines()

    def line(words: str) -> int:
        return next(number for number, each in enumerate(lines, 1) if words in each)

    assert found["/datasets/rows/source"] == f"spec.yaml:{line('source: rows')}, over team.yaml:3"
    assert found["/datasets/rows/tags/0"] == "team.yaml:4"
    assert found["/params/size/default"] == "-p size=7"
    assert found["/params/rate/default"] == "MODELSYNC_PARAM_RATE"
    assert found["/params/word/default"] == f"spec.yaml:{line('word:')}"
    assert found["/params/password/default"] == "-p password=***"
    make = "/pipelines/train/steps/make/with"
    size, rate = line('size: "${{'), line("deep:")
    assert found[f"{make}/size"] == f"spec.yaml:{size}, params.size (-p size=7)"
    assert found[f"{make}/deep/rate/0"] == f"spec.yaml:{rate}, params.rate (MODELSYNC_PARAM_RATE)"
    assert found["/pipelines/train/steps/fit/env/HOME_OF"].endswith("env.PLACE")
    assert found["/pipelines/train/steps/fit/retries/limit"] == "default"
    assert found["/engine/runner"] == "default"
    assert found["/engine/concurrency"] == "team.yaml:5"
    assert "s3cret" not in yaml(resolve(subject))


def test_what_it_becomes_means_the_same(read_short: Read) -> None:
    subject = read_short(size="7")
    again = read_short(yaml(resolve(subject)))
    assert _comparable(normal_form(again.spec)) == _comparable(normal_form(subject.spec))
    assert yaml(resolve(again)) == yaml(resolve(subject))


def _comparable(form: dict[str, Any]) -> dict[str, Any]:
    """Without what no longer is there: params in the places where they are put in, and defaults that were replaced."""
    for pipeline in form["pipelines"].values():
        for step in pipeline["steps"].values():
            del step["written"]
    for param in form["params"].values():
        del param["default"]
    return form
