from __future__ import annotations

import subprocess
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from modelsync.core.digest import Digest, of_bytes, short
from modelsync.core.errors import ExitCode, UsageError
from modelsync.registry.commits import Commit
from modelsync.registry.history import History
from modelsync.registry.journal import Journal
from modelsync.registry.references import (
    BRANCHES,
    HEAD,
    REMOTES,
    TAGS,
    Move,
    References,
    StaleError,
    brief,
    check_name,
    full_name,
    move,
    resolve,
)

ONE, TWO, THREE = (of_bytes(text) for text in (b"1", b"2", b"3"))
MAIN = BRANCHES + "main"


def put(journal: Journal, name: str, new: str | None, old: str | None = None, by: str = "Ada") -> None:
    move(journal, [Move(name, old, new, "why", by)])


def test_before_the_first_move_head_is_on_an_empty_main(journal: Journal, tmp_path: Path) -> None:
    references = References.load(journal)
    assert (references.branch, references.tip, references.values) == ("main", None, {})
    assert not (tmp_path / ".modelsync").exists()


def test_references_are_what_the_moves_made(journal: Journal) -> None:
    put(journal, MAIN, ONE)
    put(journal, MAIN, TWO, ONE)
    put(journal, TAGS + "v1", ONE)
    put(journal, REMOTES + "origin/main", ONE)
    put(journal, BRANCHES + "gone", ONE)
    put(journal, BRANCHES + "gone", None, ONE)
    references = References.load(journal)
    assert references.named(BRANCHES) == {"main": TWO}
    assert references.named(TAGS) == {"v1": ONE}
    assert references.labels(ONE) == ("origin/main", "v1")
    assert (references.branch, references.tip) == ("main", TWO)
    assert [(each.old, each.new) for each in references.moves if each.name == MAIN] == [(None, ONE), (ONE, TWO)]
    put(journal, HEAD, ONE)
    assert references.refresh(journal).branch is None
    assert references.tip == ONE


def test_a_move_starts_where_the_reference_stands(journal: Journal) -> None:
    put(journal, MAIN, ONE)
    put(journal, MAIN, TWO, ONE, by="Grace <g@h>")
    with pytest.raises(
        StaleError, match=rf"`main` stands on {short(TWO)} now: Grace <g@h> moved it at .* \(why\)"
    ) as e:
        put(journal, MAIN, THREE, ONE)
    assert e.value.exit_code == ExitCode.STALE_PLAN
    with pytest.raises(StaleError):
        put(journal, MAIN, THREE)
    with pytest.raises(StaleError, match="is not there any more"):
        put(journal, TAGS + "v1", TWO, ONE)


def test_moves_are_made_together_or_not_at_all(journal: Journal) -> None:
    with pytest.raises(StaleError):
        move(journal, [Move(MAIN, None, ONE, "", ""), Move(TAGS + "v1", ONE, TWO, "", "")])
    assert References.load(journal).values == {}


def test_of_many_writers_one_wins_each_round(tmp_path: Path) -> None:
    path = tmp_path / "registry.db"

    def attempt(number: int) -> bool:
        with Journal(path) as own:
            try:
                put(own, MAIN, of_bytes(b"%d" % number))
            except StaleError:
                return False
            return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(8))) == 1


def test_a_name_is_no_folder_of_another(journal: Journal) -> None:
    put(journal, BRANCHES + "a", ONE)
    with pytest.raises(UsageError, match=r"`a/b` can't be beside `a`"):
        put(journal, BRANCHES + "a/b", ONE)
    put(journal, TAGS + "a/b", ONE)
    put(journal, BRANCHES + "ab", ONE)


def test_what_is_left_is_kept_for_thirty_days(tmp_path: Path) -> None:
    moment = datetime(2026, 3, 1, tzinfo=UTC)
    journal = Journal(tmp_path / "registry.db", clock=lambda: moment)
    put(journal, MAIN, ONE)
    put(journal, MAIN, TWO, ONE)
    put(journal, HEAD, MAIN)
    put(journal, BRANCHES + "old", THREE)
    put(journal, BRANCHES + "old", None, THREE)
    references = References.load(journal)
    assert references.roots(moment + timedelta(days=29)) == {ONE, TWO, THREE}
    assert references.roots(moment + timedelta(days=31)) == {TWO}
    assert references.roots(moment - timedelta(days=3650)) == {ONE, TWO, THREE}  # a clock that was put back


def test_an_event_that_cannot_be_read_is_named_and_passed_over(journal: Journal) -> None:
    put(journal, MAIN, ONE)
    journal.append("ref.moved", {"name": 7})
    journal.append("ref.moved", {"name": MAIN, "from": ONE, "to": 3, "why": "", "by": ""})
    references = References.load(journal)
    assert references.named(BRANCHES) == {"main": ONE}
    assert len(references.problems) == 2


GOOD = ("main", "tune/learning-rate", "v1.0", "a.b", "ä", "日本", "feature_1", "a@b", "@a", "feed")
BAD = (
    "", "a b", "a..b", ".a", "a/.b", "a.lock", "a/b.lock/c", "a~b", "a^b", "a:b", "a?b", "a*b", "a[b", "a\\b", "/a",
    "a/", "a//b", "a.", "a@{b", "-a", "a\tb", "a\nb", "a\x7fb", "../a", "a/../b", "..", ".",
)  # fmt: skip
OURS = ("@", "HEAD", "MERGED", "0" * 64, "branches/x", "tags/x", "x" * 201, "a\udc80b")


@pytest.mark.parametrize("name", GOOD)
def test_good_names_are_taken(name: str) -> None:
    assert check_name(name) == name


@pytest.mark.parametrize("name", [*BAD, *OURS])
def test_bad_names_are_refused_in_a_sentence(name: str) -> None:
    with pytest.raises(UsageError, match=r"can't name a branch or a tag: ") as caught:
        check_name(name)
    assert caught.value.help
    assert caught.value.message.isprintable()


def test_git_agrees_about_names() -> None:
    for names, code in ((GOOD, 0), (BAD, 1)):
        for name in names:
            said = subprocess.run(["git", "check-ref-format", "--branch", name], capture_output=True, check=False)
            assert min(said.returncode, 1) == code, name


class Story:
    """main: a - b - d(merge of b and c); tag v1 at b; origin/main at a."""

    def __init__(self, journal: Journal) -> None:
        self.commits: dict[Digest, Commit] = {}
        a = self.make("a")
        b, c = self.make("b", a), self.make("c", a)
        d = self.make("d", b, c)
        self.ids = dict(zip("abcd", (a, b, c, d), strict=True))
        for name, id in ((MAIN, d), (TAGS + "v1", b), (REMOTES + "origin/main", a), (BRANCHES + "side", c)):
            put(journal, name, id)
        self.references = References.load(journal)

    def make(self, name: str, *parents: Digest) -> Digest:
        commit = Commit(ONE, (), parents, "a <a@b>", "2026-03-01T12:00:00.000Z", name)
        self.commits[commit.id] = commit
        return commit.id

    def __call__(self, text: str) -> str:
        return self.commits[resolve(text, self.references, History(self.commits.__getitem__))].message


@pytest.fixture
def story(journal: Journal) -> Story:
    return Story(journal)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("main", "d"), ("HEAD", "d"), ("@", "d"), ("branches/main", "d"), ("v1", "b"), ("tags/v1", "b"),
        ("origin/main", "a"), ("main~", "b"), ("main~1", "b"), ("main~2", "a"), ("main^", "b"), ("main^2", "c"),
        ("main^2~1", "a"), ("main^^", "a"), ("main~0", "d"), ("main^0", "d"), ("@~2", "a"),
    ],
)  # fmt: skip
def test_revisions_are_read_as_git_reads_them(story: Story, text: str, found: str) -> None:
    assert story(text) == found


def test_the_beginning_of_an_id_is_enough(story: Story) -> None:
    for name, id in story.ids.items():
        assert story(id) == story(id[:12]) == story(id[:12] + "~0") == name


@pytest.mark.parametrize(
    ("text", "said", "help"),
    [
        ("mian", "there is no branch, tag or commit `mian`", "did you mean `main`?"),
        ("zzz", "there is no branch, tag or commit `zzz`", "known: main, origin/main, side, v1"),
        ("main~3", "`main~3` goes too far: only 2 commits lie before it", "modelsync log"),
        ("main^3", r"`main\^3` goes too far: .* has 2 parents", "modelsync log"),
        ("0000", "there is no branch, tag or commit `0000`", ""),
        ("", "there is no branch, tag or commit ``", ""),
        ("../../etc/passwd", "there is no branch", ""),
        ("main\x1b[2J", "there is no branch, tag or commit `main\\?\\[2J`", ""),
        ("x" * 100_000, "there is no branch", ""),
    ],
)
def test_what_names_nothing_is_told_with_a_way_out(story: Story, text: str, said: str, help: str) -> None:
    with pytest.raises(UsageError, match=said) as caught:
        story(text)
    assert help in caught.value.help


def test_a_name_of_two_things_is_refused(story: Story, journal: Journal) -> None:
    put(journal, TAGS + "main", story.ids["a"])
    story.references.refresh(journal)
    with pytest.raises(UsageError, match="may mean `branches/main` and `tags/main`"):
        story("main")
    assert story("tags/main") == "a"
    assert full_name("side", story.references) == BRANCHES + "side"
    assert full_name("nothing", story.references) is None
    assert brief(REMOTES + "origin/main") == "origin/main"


def test_a_beginning_of_several_ids_is_refused(journal: Journal) -> None:
    story = Story(journal)
    number = 0
    while len({id[:4] for id in story.commits}) == len(story.commits):
        number += 1
        story.make(f"n{number}", story.ids["a"])
    ids = sorted(story.commits)
    twice = next(id[:4] for id, other in pairwise(ids) if id[:4] == other[:4])
    for place, id in enumerate(each for each in ids if each.startswith(twice)):
        put(journal, f"{BRANCHES}x{place}", id)
    story.references.refresh(journal)
    with pytest.raises(UsageError, match=f"several commits begin with `{twice}`"):
        story(twice)


def test_head_names_nothing_before_the_first_commit(journal: Journal) -> None:
    with pytest.raises(UsageError, match="there is no commit on `main`"):
        resolve("HEAD", References.load(journal), History(dict[Digest, Commit]().__getitem__))
