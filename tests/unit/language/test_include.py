"""What included files add to a spec, what they must not do, and the places that are kept."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from modelsync.core.diagnostics import Pos
from modelsync.language.include import MAX_FILES, Included, expand, overlay
from modelsync.language.text import read as reading
from modelsync.language.text.nodes import Mapping, Node, Scalar, Sequence
from modelsync.language.text.read import read
from modelsync.language.text.source import MAX_BYTES, Source, decode_bytes

Project = Callable[..., Included]


def plain(node: Node | None) -> object:
    match node:
        case Mapping():
            return {item.key.text: plain(item.value) for item in node.items}
        case Sequence():
            return [plain(each) for each in node.items]
        case Scalar():
            return node.value
    return None


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Write files (`__` stands for `/`) and expand the first of them."""

    def expanding(**files: str) -> Included:
        return _expand(tmp_path, {name.replace("__", "/") + ".yaml": text for name, text in files.items()})

    return expanding


def _expand(folder: Path, files: dict[str, str]) -> Included:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    spec = folder / next(iter(files))
    source = decode_bytes(spec, spec.read_bytes())
    assert isinstance(source, Source)
    nodes = read(source)
    assert nodes.root is not None
    return expand(source, nodes.root, nodes.size)


def places(at: tuple[Pos, ...]) -> list[str]:
    return [f"{each.file.name}:{each.line}:{each.col}" for each in at]


def test_a_spec_without_includes_is_as_it_was(project: Project) -> None:
    found = project(modelsync="a: 1\n")
    assert plain(found.root) == {"a": 1}
    assert (found.diagnostics, found.files) == ((), ())
    assert [path.name for path in found.sources] == ["modelsync.yaml"]


@pytest.mark.parametrize("include", ["[a.yaml, b.yaml]", "\n- a.yaml\n- b.yaml"])
def test_later_includes_win_and_the_including_file_over_all(project: Project, include: str) -> None:
    found = project(
        modelsync=f"include: {include}\nx: main\nm: {{own: main}}\n",
        a="x: a\ny: a\nz: a\nm: {own: a, shared: a, first: a}\nlist: [1, 2]\n",
        b="y: b\nm: {shared: b, second: b}\nlist: [3]\nw: b\n",
    )
    assert found.diagnostics == ()
    assert plain(found.root) == {
        "include": ["a.yaml", "b.yaml"],
        "x": "main",
        "m": {"own": "main", "shared": "b", "first": "a", "second": "b"},
        "y": "b",
        "z": "a",
        "list": [3],
        "w": "b",
    }
    assert isinstance(found.root, Mapping)
    assert [item.key.text for item in found.root.items] == ["include", "x", "m", "y", "z", "list", "w"]
    merged = found.root.get("m")
    assert isinstance(merged, Mapping)
    assert [item.key.text for item in merged.items] == ["own", "shared", "first", "second"]
    assert [path.name for path in found.files] == ["a.yaml", "b.yaml"]


def test_one_text_is_a_list_of_one(project: Project) -> None:
    assert plain(project(modelsync="include: a.yaml\n", a="x: 1\n").root) == {"include": "a.yaml", "x": 1}


def test_values_keep_their_places_and_remember_what_they_replaced(project: Project) -> None:
    found = project(
        modelsync="include: [a.yaml, b.yaml]\nx: main\nm: {own: main}\n",
        a="\nx: a\nm: {own: a}\ny: a\n",
        b="x: b\ny: b\nm: {own: b}\n",
    )
    assert isinstance(found.root, Mapping)
    items = {item.key.text: item for item in found.root.items}
    assert places(items["x"].over) == ["b.yaml:1:4", "a.yaml:2:4"]
    assert places(items["y"].over) == ["a.yaml:4:4"]
    assert places((items["y"].value.at, items["y"].key.at)) == ["b.yaml:2:4", "b.yaml:2:1"]
    assert items["m"].over == ()  # merged, not replaced
    merged = items["m"].value
    assert isinstance(merged, Mapping)
    assert places(merged.items[0].over) == ["b.yaml:3:10", "a.yaml:3:10"]
    assert places((merged.at,)) == ["modelsync.yaml:3:4"]
    assert set(found.sources) == {each.at.file for each in (items["x"].value, items["y"].value)} | set(found.files)


@pytest.mark.parametrize(
    ("main", "a", "b", "said", "over"),
    [
        ("k: 1", "k: {x: 1}", "k: {y: 1}", 1, ["b.yaml:1:4", "a.yaml:1:4"]),
        ("k: {z: 1}", "k: 5", "k: {y: 1}", {"z": 1, "y": 1}, ["a.yaml:1:4"]),
        ("k: {z: 1}", "k: {x: 1}", "k: 5", {"z": 1}, ["b.yaml:1:4", "a.yaml:1:4"]),  # 5 replaced {x: 1} before
        ("k: {z: 1}", "k: {x: 1}", "k: [y]", {"z": 1}, ["b.yaml:1:4", "a.yaml:1:4"]),
        ("k:", "k: {x: 1}", "k: {y: 1}", None, ["b.yaml:1:4", "a.yaml:1:4"]),
        ("j: 1", "k: {x: 1}", "k: 5", 5, ["a.yaml:1:4"]),
    ],
)
def test_where_kinds_differ_the_winner_replaces(
    project: Project, main: str, a: str, b: str, said: object, over: list[str]
) -> None:
    found = project(modelsync=f"include: [a.yaml, b.yaml]\n{main}\n", a=a, b=b)
    assert isinstance(found.root, Mapping)
    (item,) = [item for item in found.root.items if item.key.text == "k"]
    assert plain(item.value) == said
    assert places(item.over) == over


def test_what_was_replaced_does_not_come_back(project: Project) -> None:
    found = project(
        modelsync="include: [a.yaml, b.yaml, c.yaml]\nk: {z: 1}\n", a="k: {x: 1}\n", b="k: 5\n", c="k: {y: 1}\n"
    )
    assert isinstance(found.root, Mapping)
    assert plain(found.root.get("k")) == {"z": 1, "y": 1}
    assert places(found.root.items[1].over) == ["b.yaml:1:4", "a.yaml:1:4"]


def test_an_include_may_include(project: Project) -> None:
    found = project(
        specs__modelsync="root: ..\ninclude: [shared/a.yaml]\nm: {x: main}\n",
        shared__a="modelsync: 1\ninclude: shared/b.yaml\nm: {x: a, y: a}\nl: [1]\n",
        shared__b="m: {x: b, y: b, z: b}\nl: [2]\n",
    )
    assert found.diagnostics == ()
    assert plain(found.root) == {
        "root": "..",
        "include": ["shared/a.yaml"],
        "m": {"x": "main", "y": "a", "z": "b"},
        "modelsync": 1,
        "l": [1],
    }
    assert isinstance(found.root, Mapping)
    merged = found.root.get("m")
    assert isinstance(merged, Mapping)
    assert places(merged.items[0].over) == ["a.yaml:3:8", "b.yaml:1:8"]


def test_a_merged_alias_keeps_its_use_place(project: Project) -> None:
    found = project(modelsync="include: a.yaml\nbase: &b {x: 1}\nm: *b\n", a="m: {y: 2}\n")
    assert isinstance(found.root, Mapping)
    merged = found.root.get("m")
    assert isinstance(merged, Mapping)
    assert merged.via is not None and merged.via.line == 3
    assert plain(found.root.get("base")) == {"x": 1}  # the definition is not changed by what joined the use


@pytest.mark.parametrize(
    ("include", "said"),
    [
        ("5", ("MS103", 1, 10, "`include` must be a list of files, not the number `5`")),
        ("{a: 1}", ("MS103", 1, 10, "`include` must be a list of files, not a mapping")),
        ("", ("MS103", 1, 1, "`include` must be a list of files, not nothing")),
        ("[5]", ("MS103", 1, 11, "`include` must name files, not the number `5`")),
        ("[[a.yaml]]", ("MS103", 1, 11, "`include` must name files, not a list")),
        ("''", ("MS104", 1, 10, "an include must not be empty")),
        ('"${{ params.x }}"', ("MS111", 1, 10, "an include is a name; params can't be put in")),
        ("../x.yaml", ("MS601", 1, 10, "`../x.yaml` leaves the project root")),
        ("out/x.yaml", ("MS601", 1, 10, "`out/x.yaml` leaves the project root")),
        ("/x.yaml", ("MS601", 1, 10, "`/x.yaml` is not a path relative to the root")),
        ("teem.yaml", ("MS010", 1, 10, "`teem.yaml` does not exist")),
        ("folder", ("MS010", 1, 10, "`folder` is a folder, not a file")),
        ("team.yaml/x.yaml", ("MS010", 1, 10, "`team.yaml/x.yaml` does not exist")),
        ("pipe.yaml", ("MS010", 1, 10, "`pipe.yaml` is not a plain file")),
        ("[team.yaml, team.yaml]", ("MS010", 1, 22, "`team.yaml` is included twice")),
        ("[team.yaml, link.yaml]", ("MS010", 1, 22, "`link.yaml` is included twice")),
        (
            "modelsync.yaml",
            ("MS010", 1, 10, "includes go in a circle: modelsync.yaml -> modelsync.yaml"),
        ),
    ],
)
def test_an_include_that_can_not_be_used(tmp_path: Path, include: str, said: tuple[str, int, int, str]) -> None:
    folder = tmp_path / "project"
    (folder / "folder").mkdir(parents=True)
    (folder / "out").symlink_to(tmp_path)
    (folder / "link.yaml").symlink_to(folder / "team.yaml")
    os.mkfifo(folder / "pipe.yaml")
    found = _expand(folder, {"modelsync.yaml": f"include: {include}\nx: 1\n", "team.yaml": "y: 1\n"})
    (fault,) = found.diagnostics
    code, line, col, message = said
    assert (fault.code, fault.at.line, fault.at.col) == (code, line, col)
    assert fault.message.startswith(message)
    assert isinstance(found.root, Mapping)  # what could be used is there, for the rest of the checks
    assert plain(found.root.get("x")) == 1


def test_a_slip_in_a_name_is_mended(project: Project) -> None:
    (fault,) = project(modelsync="include: [shared/taem.yaml]\n", shared__team="x: 1\n").diagnostics
    assert fault.help == "did you mean `shared/team.yaml`?"
    assert fault.fix is not None and fault.fix.replacement == "shared/team.yaml"
    (fault,) = project(modelsync="include: [shard/team.yaml]\n").diagnostics  # the folder itself is misspelt
    assert fault.fix is not None and fault.fix.replacement == "shared/team.yaml"
    (fault,) = project(modelsync="include: [zzz.yaml]\n").diagnostics
    assert (fault.help, fault.fix) == ("a path is relative to the project root", None)


def test_a_circle_shows_its_way(project: Project) -> None:
    found = project(modelsync="include: [a.yaml]\n", a="include: b.yaml\n", b="x: 1\ninclude: a.yaml\n")
    (fault,) = found.diagnostics
    assert fault.message == "includes go in a circle: a.yaml -> b.yaml -> a.yaml"
    assert places((fault.at, *(each.at for each in fault.related))) == [
        "b.yaml:2:10",
        "a.yaml:1:10",
        "modelsync.yaml:1:11",
    ]


def test_what_only_the_main_spec_may_say(project: Project) -> None:
    found = project(
        modelsync="modelsync: 1\nproject: p\ninclude: a.yaml\n", a="root: ..\nproject: q\nmodelsync: 2\nx: 1\n"
    )
    assert [each.code for each in found.diagnostics] == ["MS109", "MS109", "MS108"]
    assert {each.help for each in found.diagnostics if each.code == "MS109"} == {"it belongs in `modelsync.yaml`"}
    assert {related.message for each in found.diagnostics for related in each.related} == {"included here"}
    assert plain(found.root) == {"modelsync": 1, "project": "p", "include": "a.yaml", "x": 1}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x: [1\n", ("MS001", "a.yaml", 1, 4)),
        ("x: 1\nx: 2\n", ("MS006", "a.yaml", 2, 1)),
        ("- 1\n", ("MS010", "a.yaml", 1, 1)),
        ("", ("MS009", "a.yaml", 1, 1)),
        ("x: *b\n", ("MS008", "a.yaml", 1, 4)),  # an anchor belongs to its file
        ("x: \x1b\n", ("MS003", "a.yaml", 1, 4)),
        ("x: " + "y" * MAX_BYTES, ("MS002", "a.yaml", 1, 1)),
    ],
)
def test_faults_in_an_included_file_are_placed_there(
    project: Project, text: str, said: tuple[str, str, int, int]
) -> None:
    found = project(modelsync="include: a.yaml\nb: &b 1\n", a=text)
    (fault,) = found.diagnostics
    assert (fault.code, fault.at.file.name, fault.at.line, fault.at.col) == said
    related = fault.related[-1]
    assert (related.message, *places((related.at,))) == ("included here", "modelsync.yaml:1:10")


def test_a_bad_root_leaves_the_folder_of_the_spec(project: Project) -> None:
    for root in ("/", "deeper", "[1]"):
        found = project(modelsync=f"root: {root}\ninclude: a.yaml\n", a="x: 1\n")
        assert found.diagnostics == ()
        assert [path.name for path in found.files] == ["a.yaml"]


def test_at_most_so_many_files(project: Project) -> None:
    names = [f"f{number}" for number in range(MAX_FILES + 3)]
    listed = ", ".join(f"{name}.yaml" for name in names)
    found = project(modelsync=f"include: [{listed}]\n", **{name: f"{name}: 1\n" for name in names})
    (fault,) = found.diagnostics
    assert fault.code == "MS010"
    assert fault.message == "a spec includes at most 16 files"
    assert len(found.files) == MAX_FILES


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("x{n}: [" + "1," * 9_999 + "]\n", "values and keys"),
        ("a{n}: &a 1\nb{n}: [" + "*a," * 60 + "]\n", "aliases"),
        ("a{n}: &a [" + "1," * 1000 + "]\nb{n}: [" + "*a," * 29 + "]\n", "anchors expanded"),
        ("a{n}: 1\n#" + "x" * 140_000, "256 KiB"),
    ],
)
def test_limits_hold_for_all_files_together(project: Project, part: str, said: str) -> None:
    alone = project(modelsync="include: [a.yaml]\nown: 1\n", a=part.replace("{n}", "1"))
    assert alone.diagnostics == ()
    files = {name: part.replace("{n}", name) for name in ("a", "b", "c")}
    found = project(modelsync="include: [a.yaml, b.yaml, c.yaml]\nown: 1\n", **files)
    (fault,) = found.diagnostics
    assert fault.code == "MS002"
    assert said in fault.message
    assert found.root is None
    assert len(found.files) == 2  # the third is not opened any more


def test_the_spec_itself_counts(project: Project) -> None:
    own = "y: [" + "1," * (reading.MAX_NODES - 10) + "]\n"
    found = project(modelsync=f"include: [a.yaml]\n{own}", a="x: [1, 2, 3, 4, 5, 6]\n")
    assert [each.code for each in found.diagnostics] == ["MS002"]


def test_a_relative_spec_has_relative_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _expand(
        tmp_path, {"specs/churn/modelsync.yaml": "root: ../..\ninclude: shared/a.yaml\n", "shared/a.yaml": "x: 1\n"}
    )
    monkeypatch.chdir(tmp_path)
    source = Source(Path("specs/churn/modelsync.yaml"), "root: ../..\ninclude: shared/a.yaml\n")
    root = read(source).root
    assert root is not None
    assert expand(source, root).files == (Path("shared/a.yaml"),)


def test_a_circle_of_links_is_no_file_of_the_project(project: Project, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").symlink_to("a.yaml")
    (fault,) = project(modelsync="include: a.yaml\n").diagnostics
    assert fault.code == "MS601"


# -- the merge, as one rule over all shapes ---------------------------------------------------------------------------

_trees = st.recursive(
    st.integers(0, 9) | st.lists(st.integers(0, 9), max_size=2),
    lambda inner: st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)
_layers = st.lists(st.dictionaries(st.sampled_from("abc"), _trees, max_size=3), min_size=1, max_size=4)


def _node(value: object) -> Node:
    at = Pos(Path("x"), 1, 1, 1, 2)
    if isinstance(value, dict):
        source = Source(Path("x"), repr(value).replace("'", '"'))
        root = read(source).root
        assert root is not None
        return root
    return Scalar(0, "0", "", at)


def _model(below: object, above: object) -> object:
    if not (isinstance(below, dict) and isinstance(above, dict)):
        return above
    return below | {key: _model(below[key], value) if key in below else value for key, value in above.items()}


@given(_layers)
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_overlay_is_the_fold_of_a_deep_merge(layers: list[dict[str, object]]) -> None:
    nodes = [node for node in map(_node, layers) if isinstance(node, Mapping)]
    wanted: object = {}
    for layer in (*layers[1:], layers[0]):
        wanted = _model(wanted, layer)
    merged = overlay(nodes)
    assert plain(merged) == wanted
    firsts = list(dict.fromkeys(key for layer in layers for key in layer))
    assert [item.key.text for item in merged.items] == firsts


def test_an_include_from_the_folder_of_the_spec_names_its_path_from_the_root(tmp_path: Path) -> None:
    root = tmp_path / "project"
    files = {
        "specs/churn/modelsync.yaml": "root: ../..\ninclude: [../shared/base.yaml, ../../../out.yaml, beside.yaml]\n",
        "specs/churn/beside.yaml": "a: 1\n",
        "specs/shared/base.yaml": "a: 1\n",
    }
    first, second, third = _expand(root, files).diagnostics
    assert (first.code, first.help) == ("MS601", "paths start at the root: write `specs/shared/base.yaml`")
    assert first.fix is not None
    assert first.fix.replacement == "specs/shared/base.yaml"
    assert (second.code, second.help) == ("MS601", "copy it into the project, or set `root:`")
    assert (third.code, third.help) == ("MS010", "did you mean `specs/churn/beside.yaml`?")
