from __future__ import annotations

import time

import pytest

from modelsync.core.paths import forbidden


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        (".git/hooks/post-checkout", "a tool's own"),
        (".GIT/config", "a tool's own"),
        ("data/.git/x", "a tool's own"),
        (".modelsync/registry.db", "a tool's own"),
        (".ModelSync ./x", "a tool's own"),
        (".git. . /config", "a tool's own"),
        ("git~1/config", "a tool's own"),
        ("MODELS~1/x", "a tool's own"),
        (".git::$INDEX_ALLOCATION/config", "a tool's own"),
        (".g\u200cit/config", "a tool's own"),
        ("\ufeff.git", "a tool's own"),
        ("a\\.git\\config", "a tool's own"),
        (".git", "a tool's own"),
        ("a\nb", "control characters"),
        ("a\x1b[2Jb", "control characters"),
        ("a\x7f", "control characters"),
        ("a\0", "control characters"),
        ("a\udcffb", "not UTF-8"),
        ("/etc/passwd", "leaves the project"),
        ("..", "leaves the project"),
        ("../x", "leaves the project"),
        ("a/../../x", "leaves the project"),
        ("a\\..\\x", "leaves the project"),
        ("a//b", "leaves the project"),
        ("./a", "leaves the project"),
        ("a/", "leaves the project"),
        (".", "leaves the project"),
        ("", "leaves the project"),
    ],
)
def test_no_commit_writes_it(path: str, reason: str) -> None:
    assert reason in forbidden(path)


@pytest.mark.parametrize(
    "path",
    [
        "a", "data/x.csv", "gitignore", "a/.gitkeep", ".gitignore", "data/..x", "data/x..", "data/git/x",
        "ä ö/日本", "at 10:30.csv", "a\\b", "aux.csv", "x~1", "git~2", ".github/x", "modelsync.data", "-a", "a-", "...",
    ],
)  # fmt: skip
def test_a_project_may_hold_it(path: str) -> None:
    assert forbidden(path) == ""


def test_a_long_path_takes_no_time() -> None:
    begun = time.perf_counter()
    assert forbidden("a/" * 50_000) and not forbidden("a." * 50_000)
    assert forbidden("-" + "/a" * 50_000 + "\n")
    assert time.perf_counter() - begun < 1
