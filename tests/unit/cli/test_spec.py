"""`spec diff` as people call it, between files and between revisions of Git."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from modelsync.cli import invoke
from tests.unit.plan.difference.conftest import FLOW, GUARDED


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository whose one commit holds the spec, with an include, below a folder."""
    folder = tmp_path / "specs"
    folder.mkdir()
    engine = "engine: {concurrency: 4}\n"
    (folder / "x.yaml").write_text(GUARDED.replace(engine, "include: [team.yaml]\n"))
    (folder / "team.yaml").write_text(engine)
    (folder / "flow.py").write_text(FLOW)
    (folder / "rows.csv").write_text("x,y\n1,p\n2,n\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    git("init", "-q")
    git("add", ".")
    git("-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-q", "-m", "first")
    return tmp_path


def git(*words: str) -> None:
    subprocess.run(["git", *words], check=True, capture_output=True)


def edit(old: str, new: str) -> None:
    path = Path("specs/x.yaml")
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_a_pull_request_sees_what_it_weakens(capsys: pytest.CaptureFixture[str]) -> None:
    edit("count: 2", "count: 1")
    edit("worst_to_best: 0.8", "worst_to_best: 0.9")
    assert invoke(["spec", "diff", "HEAD:specs/x.yaml", "specs/x.yaml"]) == 0
    said = capsys.readouterr().out.splitlines()
    lines = Path("specs/x.yaml").read_text().splitlines()
    count, fair = (next(n for n, line in enumerate(lines, 1) if word in line) for word in ("count: 1", "worst_to_best"))
    assert said == [
        "HEAD:specs/x.yaml -> specs/x.yaml",
        "! approval weakened  stage `production`: approval: `count` 2 -> 1",
        f"                     HEAD:specs/x.yaml:{count}:44 -> specs/x.yaml:{count}:44",
        "+ gate tightened     gate `fair`: `recall`: `worst_to_best` 0.8 -> 0.9",
        f"                     HEAD:specs/x.yaml:{fair}:46 -> specs/x.yaml:{fair}:46",
        "note: what `HEAD:specs/x.yaml` includes is taken as it is now: specs/team.yaml",
        "2 changes: 1 approval weakened, 1 gate tightened",
    ]


def test_a_build_can_stop_at_what_is_weaker(capsys: pytest.CaptureFixture[str]) -> None:
    pair = ["HEAD:specs/x.yaml", "specs/x.yaml"]
    assert invoke(["spec", "diff", "--exit-code", *pair]) == 0
    edit("count: 2", "count: 1")
    assert invoke(["spec", "diff", "--exit-code", *pair]) == 4
    assert invoke(["spec", "diff", "--exit-code", *reversed(pair)]) == 0
    edit("count: 1", "count: 2")
    edit("floor: 0.5", "floor: 0.6")
    assert invoke(["spec", "diff", "--exit-code", *pair]) == 4  # it has to be looked at
    assert invoke(["spec", "diff", *pair]) == 0
    assert "? look" in capsys.readouterr().out


def test_the_same_text_and_the_same_meaning(capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["spec", "diff", "specs/x.yaml", "specs/x.yaml"]) == 0
    assert capsys.readouterr().out == "same specs/x.yaml and specs/x.yaml are the same text\n"
    Path("specs/y.yaml").write_text("# other\n" + Path("specs/x.yaml").read_text())
    assert invoke(["spec", "diff", "specs/x.yaml", "specs/y.yaml", "--exit-code"]) == 0
    assert capsys.readouterr().out.endswith("cosmetic: both mean the same\n")


def test_the_document_is_stable_and_plain(capsys: pytest.CaptureFixture[str]) -> None:
    edit("count: 2", "count: 1")
    edit("  own:\n", "  mine:\n")
    edit("gates: [own]", "gates: [mine]")
    assert invoke(["spec", "diff", "HEAD:specs/x.yaml", "specs/x.yaml", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["version"], found["alarms"], found["same_meaning"]) == (1, True, False)
    assert found["old"] == {"name": "HEAD:specs/x.yaml", "file": "specs/x.yaml", "revision": "HEAD"}
    weaker, name = found["changes"]
    assert weaker["class"] == "approval weakened"
    assert (weaker["mark"], weaker["alarms"], weaker["what"]) == ("!", True, "stage `production`")
    assert weaker["before"]["file"] == "HEAD:specs/x.yaml"
    assert weaker["after"] == {
        "file": "specs/x.yaml",
        "start": weaker["before"]["start"],
        "end": weaker["before"]["end"],
    }
    assert name["class"] == "renamed"
    assert found["counts"]["approval weakened"] == 1
    assert len(found["counts"]) == 20


def test_paths_are_those_of_git_from_wherever_one_stands(
    capsys: pytest.CaptureFixture[str], project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit("count: 2", "count: 1")
    monkeypatch.chdir(project / "specs")
    for old in ("HEAD:specs/x.yaml", "HEAD:./x.yaml", "HEAD~0:specs/x.yaml"):
        assert invoke(["spec", "diff", old, "x.yaml", "--exit-code"]) == 4
        revision = old.partition(":")[0]
        assert f"{revision}:x.yaml:" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("old", "message"),
    [
        ("HEAD:specs/none.yaml", "Git has no `HEAD:specs/none.yaml`: path 'specs/none.yaml' does not exist in 'HEAD'"),
        ("nowhere:specs/x.yaml", "Git has no `nowhere:specs/x.yaml`"),
        ("none.yaml", "the spec `none.yaml` can't be read: No such file or directory"),
    ],
)
def test_what_does_not_exist_is_told(capsys: pytest.CaptureFixture[str], old: str, message: str) -> None:
    assert invoke(["spec", "diff", old, "specs/x.yaml"]) == 2
    assert message in capsys.readouterr().err


def test_an_option_is_no_revision(capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["spec", "diff", "--", "--output=/tmp/x:y", "specs/x.yaml"]) == 2
    assert "is no revision" in capsys.readouterr().err


def test_an_old_revision_may_name_code_that_is_gone(capsys: pytest.CaptureFixture[str]) -> None:
    flow = Path("specs/flow.py")
    flow.write_text(FLOW.replace("def own(", "def mine("))
    edit("uses: flow.py:own", "uses: flow.py:mine")
    assert invoke(["spec", "diff", "HEAD:specs/x.yaml", "specs/x.yaml"]) == 0
    said = capsys.readouterr().out
    assert "look" in said
    assert "note: data or code that `HEAD:specs/x.yaml` names is gone" in said
    edit("uses: flow.py:mine", "uses: flow.py:own")
    assert invoke(["spec", "diff", "HEAD:specs/x.yaml", "specs/x.yaml"]) == 3  # now it is a fault of today's


def test_a_spec_with_faults_has_no_meaning_to_compare(capsys: pytest.CaptureFixture[str]) -> None:
    edit("count: 2", "count: two")
    assert invoke(["spec", "diff", "HEAD:specs/x.yaml", "specs/x.yaml"]) == 3
    assert "MS103" in capsys.readouterr().err
