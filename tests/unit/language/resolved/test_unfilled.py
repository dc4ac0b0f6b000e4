from __future__ import annotations

from modelsync.language.normal import normal_form
from modelsync.language.resolved.paper import origins, plain, yaml
from modelsync.language.resolved.unfilled import written
from tests.unit.language.resolved.conftest import SHORT, Read


def test_it_is_as_written_with_what_is_included(read_short: Read) -> None:
    found = plain(written(read_short()))
    assert "include" not in found
    assert found["datasets"]["rows"]["tags"] == "team"
    assert found["datasets"]["rows"]["source"] == "rows.csv"
    assert found["datasets"]["rows"]["contract"]["columns"]["x"] == "int"
    assert found["pipelines"]["train"]["steps"]["make"]["with"]["size"] == "${{ params.size }}"
    assert found["engine"] == {"concurrency": 2}


def test_it_means_the_same_and_says_where_it_comes_from(read_short: Read) -> None:
    subject = read_short(SHORT.replace("    source: rows.csv", "    source: &rows rows.csv"))
    tree = written(subject)
    assert normal_form(read_short(yaml(tree)).spec) == normal_form(subject.spec)
    assert {pointer: str(origin) for pointer, origin in origins(tree)}["/datasets/rows/source"].endswith(
        "over team.yaml:3"
    )
