from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelsync.core.digest import Digest, of_bytes
from modelsync.registry.commits import Commit
from modelsync.registry.history import History

TREE = of_bytes(b"")


class Graph:
    """Commits by a letter, made in the order of a text such as `a b:a c:a d:b,c`, each a second after the other."""

    def __init__(self, text: str, times: dict[str, str] | None = None) -> None:
        self.ids: dict[str, Digest] = {}
        self.commits: dict[Digest, Commit] = {}
        for number, item in enumerate(text.split()):
            name, _, parents = item.partition(":")
            known = tuple(self.ids[each] for each in parents.split(",") if each)
            time = (times or {}).get(name, f"2026-03-01T12:00:{number:02}.000Z")
            commit = Commit(TREE, (), known, "a <a@b>", time, name)
            self.ids[name], self.commits[commit.id] = commit.id, commit
        self.history = History(self.commits.__getitem__)

    def names(self, ids: object) -> str:
        return "".join(self.commits[id].message for id in ids)  # type: ignore[attr-defined]

    def bases(self, one: str, other: str) -> str:
        return "".join(sorted(self.names(self.history.bases(self.ids[one], self.ids[other]))))


@pytest.mark.parametrize(
    ("graph", "pair", "bases"),
    [
        ("a b:a c:a", "bc", "a"),
        ("a b:a c:b", "ac", "a"),
        ("a b:a c:b", "cc", "c"),
        ("a b", "ab", ""),
        ("a b:a c:a d:b e:d,c f:c", "ef", "c"),
        ("a b:a c:a d:b,c e:c,b", "de", "bc"),  # merged into each other crosswise
        ("a b:a c:a d:b,c e:c,b f:d g:e", "fg", "bc"),
        ("a b:a c:a d:b,c e:c,b f:d,e g:e,d", "fg", "de"),
        ("a x b:a,x c:a,x", "bc", "ax"),
    ],
)
def test_the_best_common_ancestors_are_found(graph: str, pair: str, bases: str) -> None:
    made = Graph(graph)
    assert made.bases(pair[0], pair[1]) == made.bases(pair[1], pair[0]) == bases


def test_an_ancestor_is_told_from_what_came_beside() -> None:
    graph = Graph("a b:a c:a d:b,c")
    ids, history = graph.ids, graph.history
    assert history.is_ancestor(ids["a"], ids["d"])
    assert history.is_ancestor(ids["d"], ids["d"])
    assert not history.is_ancestor(ids["d"], ids["a"])
    assert not history.is_ancestor(ids["b"], ids["c"])


def test_a_log_tells_children_before_parents_and_then_the_newest_first() -> None:
    graph = Graph("a b:a c:a d:b e:d,c")
    assert graph.names(id for id, _ in graph.history.log([graph.ids["e"]])) == "edcba"
    assert graph.names(id for id, _ in graph.history.log([graph.ids["e"]], [graph.ids["b"]])) == "edc"
    assert list(graph.history.log([])) == []


def test_a_clock_that_jumped_puts_no_parent_before_its_child() -> None:
    graph = Graph("a b:a c:b", {"a": "2099-01-01T00:00:00.000Z", "c": "1970-01-01T00:00:00.000Z"})
    assert graph.names(id for id, _ in graph.history.log([graph.ids["c"]])) == "cba"
    assert graph.bases("c", "b") == "b"


def test_each_commit_is_asked_for_once() -> None:
    graph, asked = Graph("a b:a c:b"), list[Digest]()

    def find(id: Digest) -> Commit:
        asked.append(id)
        return graph.commits[id]

    history = History(find)
    for _ in range(2):
        assert len(history.reachable([graph.ids["c"]])) == 3
    assert sorted(asked) == sorted(graph.commits)


@given(st.lists(st.lists(st.integers(0, 11), max_size=3), min_size=2, max_size=12), st.data())
@settings(max_examples=50, deadline=None)
def test_bases_are_what_a_slow_search_finds(shape: list[list[int]], data: st.DataObject) -> None:
    letters = "abcdefghijkl"
    text = " ".join(
        f"{letters[number]}:{','.join(sorted({letters[p] for p in parents if p < number}))}"
        for number, parents in enumerate(shape)
    )
    graph = Graph(text)
    one, other = (graph.ids[data.draw(st.sampled_from(sorted(graph.ids)))] for _ in "ab")
    history = graph.history
    common = history.reachable([one]) & history.reachable([other])
    slow = {id for id in common if not any(id != each and history.is_ancestor(id, each) for each in common)}
    assert set(history.bases(one, other)) == slow
    order = [id for id, _ in history.log([one, other])]
    assert sorted(order) == sorted(history.reachable([one, other]))
    assert all(order.index(id) < order.index(parent) for id in order for parent in history.parents(id))
