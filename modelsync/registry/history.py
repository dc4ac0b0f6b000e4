"""History: commits as a graph of parents, walked without asking clocks, which may jump."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress

from modelsync.core.digest import Digest
from modelsync.core.errors import DamageError
from modelsync.registry.commits import Commit

Find = Callable[[Digest], Commit]


class History:
    """The commits that `find` gives, each asked for once."""

    def __init__(self, find: Find) -> None:
        self._find = find
        self._known: dict[Digest, Commit] = {}

    def commit(self, id: Digest) -> Commit:
        """The commit of that id; the errors of `find`."""
        if id not in self._known:
            self._known[id] = self._find(id)
        return self._known[id]

    def parents(self, id: Digest) -> tuple[Digest, ...]:
        """Its parents: none for the first commit, several for a merge."""
        return self.commit(id).parents

    def reachable(self, tips: Iterable[Digest]) -> set[Digest]:
        """The tips and everything before them."""
        found: set[Digest] = set()
        waiting = list(tips)
        while waiting:
            id = waiting.pop()
            if id not in found:
                found.add(id)
                waiting += self.parents(id)
        return found

    def present(self, tips: Iterable[Digest]) -> set[Digest]:
        """The same, without what is damaged or not here, and what only that leads to."""
        found: set[Digest] = set()
        waiting = list(tips)
        while waiting:
            id = waiting.pop()
            if id in found:
                continue
            with suppress(DamageError):
                waiting += self.parents(id)
                found.add(id)
        return found

    def is_ancestor(self, old: Digest, new: Digest) -> bool:
        """Whether `new` is `old` or came from it."""
        return old in self.reachable([new])

    def bases(self, one: Digest, other: Digest) -> tuple[Digest, ...]:
        """The best common ancestors: those that no other common ancestor came from, sorted by id.

        None when the two have nothing in common, several when branches were merged into each other crosswise.
        """
        common = self.reachable([one]) & self.reachable([other])
        # What is before a common ancestor is common too, so being somebody's parent in there is enough to be worse.
        worse = {parent for id in common for parent in self.parents(id)}
        return tuple(sorted(common - worse))

    def log(self, tips: Iterable[Digest], without: Iterable[Digest] = ()) -> Iterator[tuple[Digest, Commit]]:
        """What the tips can reach and `without` cannot: always a commit before its parents, then the newest first."""
        chosen = self.reachable(tips) - self.reachable(without)
        children = Counter(parent for id in chosen for parent in self.parents(id))
        ready = [self._place(id) for id in chosen if not children[id]]
        heapq.heapify(ready)
        while ready:
            id = heapq.heappop(ready)[2]
            yield id, self.commit(id)
            for parent in self.parents(id):
                children[parent] -= 1
                if parent in chosen and not children[parent]:
                    heapq.heappush(ready, self._place(parent))

    def _place(self, id: Digest) -> tuple[_Newest, Digest, Digest]:
        return _Newest(self.commit(id).time), id, id


class _Newest(str):
    """A time that sorts before earlier ones."""

    __slots__ = ()

    def __lt__(self, other: str) -> bool:
        return str(self) > str(other)
