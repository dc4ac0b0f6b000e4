from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from modelsync.api.specs import known
from modelsync.language.decode.spec import SPEC
from modelsync.language.published.reference import page
from modelsync.language.shapes import Either, Fields, Key, Kinds, Many, Named, Shape


@cache
def text() -> str:
    return page(known())


def keys(shape: Shape) -> Iterator[tuple[str, Key]]:
    match shape:
        case Fields():
            for name, key in shape.keys.items():
                yield name, key
                yield from keys(key.shape)
        case Kinds():
            for option in shape.options.values():
                for name, key in keys(option):
                    if name != shape.by:
                        yield name, key
        case Named() | Many():
            yield from keys(shape.item)
        case Either():
            yield from keys(shape.mapping)


def test_every_key_has_its_line_or_its_section() -> None:
    rows = set(re.findall(r"^\| (?:\*\*)?`([^`]+)`(?:\*\*)? \| .* \| (.*) \|$", text(), re.MULTILINE))
    sections = set(re.findall(r"^## `([^`]+)`$", text(), re.MULTILINE))
    for name, key in keys(SPEC):
        assert name in sections or any(row == name and said.startswith(key.doc) for row, said in rows), name


def test_what_must_be_written_is_bold() -> None:
    assert "| **`source`** | text, or [mapping](#source-of-a-dataset) |" in text()
    assert "| `tags` | name, or a list |" in text()


def test_every_link_leads_to_a_heading_and_no_two_are_alike() -> None:
    headings = re.findall(r"^#+ (.*)$", text(), re.MULTILINE)
    anchors = [re.sub(r"[^a-z0-9_\- ]", "", each.lower()).replace(" ", "-") for each in headings]
    assert len(set(anchors)) == len(anchors)
    assert set(re.findall(r"\]\(#([^)]+)\)", text())) <= set(anchors)


def test_kinds_have_their_own_tables() -> None:
    found = text().split("### A drift gate\n")[1].split("\n###")[0]
    assert "| **`reference`** |" in found
    assert "slices" not in found
    assert "`kind`" not in found


def test_what_keys_mean_for_each_other_is_said() -> None:
    assert "- A step needs `run`, `uses` or `command`." in text()
    assert "- `min_delta` only goes with `versus`." in text()
    assert "is not of type" not in text()


def test_words_are_explained_once() -> None:
    assert text().count("- `canary`: ") == 1
    assert text().count("- `hold`: ") == 1


def test_the_names_that_gates_know_are_listed() -> None:
    assert "- `psi`: Population stability index" in text()
    assert "| `expect_column_to_exist` | **`column`**, `column_index` |" in text()


def test_a_cell_holds_no_line_of_the_table() -> None:
    for line in text().splitlines():
        if line.startswith("|"):
            assert len(re.findall(r"(?<!\\)\|", line)) in (3, 4)
