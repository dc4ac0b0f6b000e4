"""What the READMEs show is what happens: every `console` block is typed and compared, every link leads somewhere.

A block holds `$ command` lines, each followed by `# exit N` when a failure is expected, and by the output. `...` on a
line of its own stands for any lines, inside a line for any text.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
STORIES = sorted(EXAMPLES.glob("*/README.md"))
QUICK = {"diagnostics", "review", "data_versions", "shared_data"}  # stories that start no server
LINKED = [
    *(ROOT / name for name in ("README.md", "specs/README.md", "flows/README.md", "validators/README.md")),
    EXAMPLES / "README.md",
    *STORIES,
]
PORT = "8081"  # what `init` writes; here a free one takes its place
PATIENCE = 200.0  # seconds for one command on a busy machine
MODELSYNC = [sys.executable, "-m", "modelsync"]
# Where no curl is installed: the two forms that the READMEs use.
CURL = """import sys, urllib.request
_, _, url, *data = sys.argv
body = sys.stdin.buffer.read() if data == ["-d", "@-"] else None
print(urllib.request.urlopen(url, body, timeout=30).read().decode(), end="")
"""


@dataclass(frozen=True)
class Command:
    """One line that a reader types, and what the README promises."""

    line: int
    words: str
    exit: int
    expected: tuple[str, ...]


@dataclass
class Story:
    """An example in a folder of its own, typed line by line."""

    root: Path
    port: str
    environment: dict[str, str]
    here: Path = field(init=False)

    def __post_init__(self) -> None:
        self.here = self.root

    def type(self, command: Command) -> None:
        """Do what a reader would do, and compare."""
        if command.words.startswith("cd "):
            self.here /= command.words.removeprefix("cd ")
            return
        code, said = _shell(command.words, self.here, self.environment)
        shown = f"line {command.line}: $ {command.words}\n{said}\n# exit {code}"
        assert code == command.exit, f"expected exit {command.exit}\n{shown}"
        found = mismatch(command.expected, said.splitlines())
        assert found is None, f"{found}\n{shown}"
        self._move_port()

    def end(self) -> None:
        """Everything down, wherever the story stopped."""
        for home in [*self.root.rglob(".modelsync")]:
            for kept in home.glob("deploy/*/replicas.json"):
                _modelsync("deploy", "undeploy", kept.parent.name, "-C", str(home.parent))
            _modelsync("server", "stop", "-C", str(home.parent))

    def _move_port(self) -> None:
        for spec in self.root.rglob("modelsync.yaml"):
            text = spec.read_text()
            moved = text.replace(f"port: {PORT}", f"port: {self.port}")
            if moved != text:
                spec.write_text(moved)


@pytest.fixture(scope="module")
def prefect(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One Prefect server for the stories that don't tell about it; the API's address."""
    folder = tmp_path_factory.mktemp("prefect")
    (folder / "modelsync.yaml").touch()  # a server belongs to a project
    try:
        said = _modelsync("server", "start", "-C", str(folder))
        assert said.returncode == 0, said.stdout
        yield f"http://127.0.0.1:{json.loads((folder / '.modelsync/prefect.json').read_text())['port']}/api"
    finally:
        _modelsync("server", "stop", "-C", str(folder))


@pytest.fixture
def story(readme: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Story]:
    """A copy of the example, with `modelsync` on the path."""
    folder = tmp_path / readme.parent.name
    shutil.copytree(readme.parent, folder, ignore=shutil.ignore_patterns(".modelsync", "__pycache__"))
    # Some library leaves COLUMNS behind in the process of the tests; a reader has a wide terminal.
    environment = {"PATH": f"{_programs(tmp_path / 'bin')}{os.pathsep}{os.environ['PATH']}", "COLUMNS": "100"}
    if readme.parent.name not in QUICK and "\n$ modelsync server stop" not in readme.read_text():
        environment["PREFECT_API_URL"] = request.getfixturevalue("prefect")
    made = Story(folder, _free_port(), environment)
    yield made
    made.end()


def _marked(readme: Path) -> ParameterSet:
    name = readme.parent.name
    marks = () if name in QUICK else (pytest.mark.slow, pytest.mark.timeout(600))
    return pytest.param(readme, id=name, marks=marks)


@pytest.mark.parametrize("readme", [_marked(readme) for readme in STORIES])
def test_readme_shows_what_happens(story: Story, readme: Path) -> None:
    commands = read(readme.read_text().replace(PORT, story.port))
    assert commands, "a story has something to type"
    for command in commands:
        story.type(command)


@pytest.mark.parametrize("readme", LINKED, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(readme: Path) -> None:
    targets = re.findall(r"\]\(([^)\s]+)\)", readme.read_text())
    near = [target.partition("#")[0] for target in targets if "://" not in target]
    assert [target for target in near if target and not (readme.parent / target).exists()] == []


def test_paths_that_the_first_page_names_exist() -> None:
    named = re.findall(
        r"(?<![\w/.])(?:specs|flows|validators|examples|tests|modelsync)/[\w./-]*", (ROOT / "README.md").read_text()
    )
    assert "specs/credit/modelsync.yaml" in named
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_every_example_has_its_readme_and_its_line() -> None:
    folders = {path.name for path in EXAMPLES.iterdir() if path.is_dir() and not path.name.startswith((".", "__"))}
    assert folders == {readme.parent.name for readme in STORIES}
    listed = re.findall(r"^\d+\. \[(\w+)\]\(\1/README\.md\)", (EXAMPLES / "README.md").read_text(), re.MULTILINE)
    assert set(listed) == folders


def test_tables_are_those_of_their_packages(tmp_path: Path) -> None:
    subprocess.run([sys.executable, str(EXAMPLES / "export_tables.py"), str(tmp_path)], check=True, timeout=PATIENCE)
    made = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*.csv")}
    kept = {path.relative_to(EXAMPLES): path.read_bytes() for path in EXAMPLES.glob("*/data/*.csv")}
    assert made.keys() == kept.keys()
    assert [str(path) for path in made if made[path] != kept[path]] == []


def test_a_readme_is_read_line_by_line() -> None:
    text = "```sh\n$ no\n```\nwords\n```console\n$ one -a\n# exit 4\nsaid\n\n# more\n$ two\n```\n"
    assert read(text) == [Command(6, "one -a", 4, ("said", "", "# more")), Command(11, "two", 0, ())]


@pytest.mark.parametrize(
    ("expected", "said", "same"),
    [
        ("a", "a", True),
        ("a", "a  \n\n", True),
        ("a", "b", False),
        ("a", "a\nb", False),
        ("a\nb", "a", False),
        ("", "a", False),
        ("in ... s", "in 3.2 s", True),
        ("in ... s", "in 3.2 min", False),
        ("a\n...", "a\nb\nc", True),
        ("...\nc", "a\nb\nc", True),
        ("...\nc", "a\nc\nb", False),
        ("a\n...\nb\n...\nd", "a\nb\nc\nd", True),
        ("a\n...\nc\n...\nb\n...", "a\nb\nc", False),
    ],
)
def test_outputs_are_compared(expected: str, said: str, same: bool) -> None:
    assert (mismatch(expected.splitlines(), said.splitlines()) is None) is same


def read(text: str) -> list[Command]:
    """The commands of every `console` block, in order."""
    found: list[Command] = []
    inside = False
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith("```"):
            inside = line == "```console"
        elif inside and line.startswith("$ "):
            found.append(Command(number, line.removeprefix("$ "), 0, ()))
        elif inside:
            last = found[-1]
            code = re.fullmatch(r"# exit (\d+)", line) if number == last.line + 1 else None
            found[-1] = (
                replace(last, exit=int(code[1])) if code else replace(last, expected=(*last.expected, line.rstrip()))
            )
    return found


def mismatch(expected: Sequence[str], said: Sequence[str]) -> str | None:
    """What was promised and did not come; None when all did."""
    lines = "\n".join(line.rstrip() for line in said).rstrip("\n").splitlines()
    parts: list[list[str]] = [[]]
    for line in "\n".join(expected).rstrip("\n").splitlines():
        if line == "...":
            parts.append([])
        else:
            parts[-1].append(line)
    at = 0
    for index, part in enumerate(parts):
        end = len(lines) - len(part)
        first = end if index == len(parts) - 1 and index > 0 else at
        last = at if index == 0 else end
        starts = [start for start in range(max(at, first), last + 1) if _agree(part, lines[start : start + len(part)])]
        if not starts:
            return "this did not come where it was expected:\n" + "\n".join(part)
        at = starts[0] + len(part)
    return None if at == len(lines) else "this was not expected:\n" + "\n".join(lines[at:])


def _agree(expected: Sequence[str], said: Sequence[str]) -> bool:
    return len(expected) == len(said) and all(
        re.fullmatch(re.escape(one).replace(r"\.\.\.", ".*"), other) for one, other in zip(expected, said, strict=True)
    )


def _shell(words: str, folder: Path, environment: dict[str, str]) -> tuple[int, str]:
    """Run one line as a terminal would; its exit code, and all that it said."""
    with subprocess.Popen(
        ["sh", "-c", words],
        cwd=folder,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            said, _ = process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            said, _ = process.communicate(timeout=20)
            pytest.fail(f"`{words}` did not end within {PATIENCE:.0f} s; it said:\n{said}")
    return process.returncode, said


def _modelsync(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*MODELSYNC, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def _programs(folder: Path) -> Path:
    """A folder for the path: this very ModelSync, and a curl where there is none."""
    folder.mkdir()
    _program(folder / "modelsync", MODELSYNC)
    if shutil.which("curl") is None:
        _program(folder / "curl", [sys.executable, "-c", CURL])
    return folder


def _program(path: Path, words: Sequence[str]) -> None:
    path.write_text(f'#!/bin/sh\nexec {shlex.join(words)} "$@"\n')
    path.chmod(0o755)


def _free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])
