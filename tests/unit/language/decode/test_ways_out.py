"""What stands in the wrong form is shown in the right one, ready to copy."""

from __future__ import annotations

from pathlib import Path

import pytest

from modelsync.language.decode import ways_out
from modelsync.language.decode.deploys import TARGET
from modelsync.language.decode.params import PARAM
from modelsync.language.decode.stages import APPROVAL, STAGE
from modelsync.language.decode.steps import PIPELINE, STEP
from modelsync.language.shapes import Fields, Kinds, Many, Named
from modelsync.language.text.nodes import Mapping, Node
from modelsync.language.text.read import read
from modelsync.language.text.source import Source

STEPS = PIPELINE.keys["steps"].shape
INPUTS, OUTPUTS, ENV = (STEP.keys[key].shape for key in ("inputs", "outputs", "env"))
COMMAND, TAGS = (STEP.keys[key].shape for key in ("command", "tags"))
GATES = STAGE.keys["gates"].shape


def node(text: str) -> Node:
    root = read(Source(Path("modelsync.yaml"), f"key: {text}\n")).root
    assert isinstance(root, Mapping)
    return root.items[0].value


@pytest.mark.parametrize(
    ("shape", "text", "said"),
    [
        (STEPS, "[{name: fit, run: a.py:b}]", "write `fit:` with its keys below, instead of `- name: fit`"),
        (STEPS, "[{fit: {run: a.py:b}}]", "leave out the `-` before `fit:`"),
        (STEPS, "[{run: a.py:b, uses: c}]", "give each step a name: `name: {...}`"),
        (STEPS, "[[fit]]", "give each step a name: `name: ...`"),
        (STEPS, "fit", "write `fit: {outputs: ...}`"),
        (STEPS, "[]", ""),
        (INPUTS, "[datasets.customers]", "write `{name: datasets.customers}`"),
        (OUTPUTS, "model", "write `{name: model}`"),
        (OUTPUTS, "[model.pkl]", "write `{name: table}`"),
        (ENV, "[{name: A, value: b}]", "write `A: b`, without `-` and `name:`"),
        (ENV, "[{name: A, valueFrom: {x: y}}]", "write `A: ...`, without `-` and `name:`"),
        (INPUTS, "[data/a-b.csv]", "declare the file under `datasets`, and write `{name: datasets.name}`"),
        (ENV, "[A=1]", "write `A: 1`, without `-` and `=`"),
        (ENV, "${{ secrets.token }}", "write `{NAME: secrets.name}`"),
    ],
)
def test_things_by_name(shape: Named, text: str, said: str) -> None:
    assert ways_out.as_names(shape, node(text)) == said


@pytest.mark.parametrize(
    ("shape", "text", "said"),
    [
        (COMMAND, "python train.py --fast", "write `[python, train.py, --fast]`"),
        (
            COMMAND,
            "cat a | sort",
            "a list is one program with its arguments, without a shell: put the rest into a script",
        ),
        (GATES, "good, better", "write `[good, better]`"),
        (COMMAND, "{a: b}", "begin each entry with `- `"),
        (COMMAND, "", ""),
    ],
)
def test_lists(shape: Many, text: str, said: str) -> None:
    assert ways_out.as_list(shape, node(text)) == said


@pytest.mark.parametrize(
    ("shape", "text", "several"),
    [(GATES, "a, b", True), (GATES, "a", False), (GATES, '"a, b"', False), (TAGS, "a, b", False)],
)
def test_several_names_in_one_text(shape: Many, text: str, several: bool) -> None:
    assert ways_out.is_listing(shape, node(text)) == several


@pytest.mark.parametrize(
    ("shape", "text", "said"),
    [
        (TARGET, "local", "write `{kind: local, ...}`"),
        (TARGET, "somewhere", ""),
        (APPROVAL, "ml-lead", "write `{roles: ml-lead, ...}`"),
        (PARAM, "7", "write `{type: int, default: 7}`"),
        (PARAM, "[{type: int}]", "leave out the `-` before `type:`"),
        (STAGE, "x" * 200, ""),
    ],
)
def test_mappings_with_known_keys(shape: Fields | Kinds, text: str, said: str) -> None:
    assert ways_out.as_keys(shape, node(text)) == said


def test_what_is_missing_is_shown_with_its_choices_or_an_example() -> None:
    assert ways_out.for_missing("strategy", TARGET.options["local"].keys["kind"]).endswith("kubernetes, endpoint")
    assert ways_out.for_missing("expires", APPROVAL.keys["expires"]) == "add it, such as `expires: 48h`"
    assert ways_out.for_missing("steps", PIPELINE.keys["steps"]) == "add `steps:`"
