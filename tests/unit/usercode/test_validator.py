"""A validator in its own process: whatever it does, the parent gets findings or one sentence, and nothing stays."""

from __future__ import annotations

import contextlib
import os
import re
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from modelsync.core import quiet
from modelsync.core.artifacts import OutputType
from modelsync.core.errors import StepError
from modelsync.core.findings import Finding
from modelsync.usercode import child, codecs
from modelsync.usercode.examination import Examination
from modelsync.usercode.validator import Validator

Write = Callable[[str, str], Path]
Ask = Callable[..., Validator]


@pytest.fixture
def ask(write: Write, project: Path) -> Ask:
    def make(text: str, tables: dict[str, Path] | None = None, log: Path | None = None, **given: Any) -> Validator:
        write("validators/v.py", text)
        return Validator(Examination(project, Path("validators/v.py"), "check", tables or {}, {}, {}, given), log=log)

    return make


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def gone(pid: int) -> bool:
    for _ in range(200):
        if not alive(pid):
            return True
        time.sleep(0.02)
    return False


def refused(validator: Validator, timeout: float = 60) -> StepError:
    with pytest.raises(StepError) as info:
        validator.examine(timeout)
    return info.value


def test_findings_cross_and_words_are_kept(ask: Ask, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    text = """
        import os, sys
        def check(*, floor):
            print("out"); print("err", file=sys.stderr); os.write(1, b"raw \\xff\\n")
            return [{"value": 0.5, "threshold": floor, "direction": ">=", "statistic": "recall"}, True]
    """
    heard = ask(text, log=tmp_path / "logs" / "g.log", floor=0.4).examine(60)
    assert heard.findings == (Finding(True, 0.5, 0.4, ">=", statistic="recall"), Finding(True))
    assert heard.said.split("\n") == ["out", "err", "raw \ufffd"]
    assert (tmp_path / "logs" / "g.log").read_text(encoding="utf-8") == heard.said + "\n"
    assert capfd.readouterr() == ("", ""), "nothing of it reaches our own output"


def test_the_libraries_that_it_imports_do_not_phone_home(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in quiet.SETTINGS:
        monkeypatch.delenv(name, raising=False)
    text = "import os\ndef check(*, wanted):\n    return all(os.environ.get(k) == v for k, v in wanted.items())\n"
    assert ask(text, wanted=dict(quiet.SETTINGS)).examine(60).findings[0].passed


def test_its_error_comes_with_its_last_words(ask: Ask) -> None:
    error = refused(ask("def check():\n    print('first'); print('looking at b')\n    raise ValueError('no')\n"))
    assert error.message == (
        "`validators/v.py:check` raised ValueError: no (validators/v.py:3); it printed last: looking at b"
    )
    assert "line 3, in check" in error.detail


HANGS = """
import time
{before}
def check():
    print("waiting")
    time.sleep(100)
"""


def test_one_that_hangs_is_ended_and_says_where(ask: Ask) -> None:
    started: list[int] = []
    asked = ask(HANGS.format(before=""))
    error = refused(Validator(asked.examination, on_start=started.append), timeout=3)
    assert error.reason == "timeout"
    assert error.message == (
        "`validators/v.py:check` was stopped after 3.0 s, its timeout (validators/v.py:6); it printed last: waiting"
    )
    assert error.help == "raise `timeout` of the gate, or give it less to do"
    assert gone(started[0])


def test_one_that_refuses_to_end_is_made_to(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "GRACE", 0.3)
    text = HANGS.format(before="import signal").replace("    print", "    signal.signal(15, signal.SIG_IGN)\n    print")
    began = time.monotonic()
    assert refused(ask(text), timeout=2).reason == "timeout"
    assert time.monotonic() - began < 10


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("os._exit(3)", "ended its process with code 3 before it returned"),
        ("os._exit(0)", "ended its process with code 0 before it returned"),
        ("os.kill(os.getpid(), 9)", "was ended by SIGKILL"),
        ("ctypes.string_at(0)", r"was ended by SIGSEGV \(validators/v.py:4\); it printed last: before"),
        ("os.abort()", r"was ended by SIGABRT \(validators/v.py:4\)"),
    ],
)
def test_one_that_dies(ask: Ask, monkeypatch: pytest.MonkeyPatch, body: str, said: str) -> None:
    monkeypatch.delenv("PYTHONUNBUFFERED", raising=False)
    error = refused(ask(f"import ctypes, os\ndef check():\n    print('before')\n    {body}\n"))
    assert error.message.startswith(("`validators/v.py:check`", "the process of `validators/v.py:check`"))
    assert re.search(said, error.message), error.message


def test_one_that_closes_everything_and_leaves_its_folder(ask: Ask) -> None:
    text = """
        import os, sys, tempfile
        def check():
            os.chdir(tempfile.mkdtemp())
            os.closerange(0, 200)
            sys.stdout = sys.stderr = None
            os.environ.clear()
            return True
    """
    assert ask(text).examine(60).findings == (Finding(True),)


def test_one_that_speaks_the_answers_language(ask: Ask) -> None:
    text = """
        import sys
        def check():
            print('{"findings": [{"passed": true}]}')
            return False
    """
    heard = ask(text).examine(60)
    assert not heard.findings[0].passed


SPOILS = """
import json, os, sys
def check():
    place = json.load(open([each for each in sys.argv if each.endswith("job.json")][0]))["answer"]
    {how}
    os._exit(0)
"""
ANSWERED = "open(place, 'w').write({!r})"


@pytest.mark.parametrize(
    ("how", "said"),
    [
        (ANSWERED.format('{"find'), "left an answer that can't be read: JSONDecodeError: Unterminated string"),
        (ANSWERED.format("[" * 100_000), "left an answer that can't be read: RecursionError"),
        (ANSWERED.format("[1, 2]"), "left an answer that can't be read: it is no JSON object"),
        (ANSWERED.format("{}"), "left an answer that can't be read: it has no `findings`"),
        (ANSWERED.format('{"error": {}}'), "left an answer that can't be read: its `error` is not whole"),
        (ANSWERED.format('{"error": {"family": "step", "message": 1}}'), "its `error` is not whole"),
        (ANSWERED.format('{"findings": []}'), "returned an empty list"),
        (ANSWERED.format('{"findings": [{"passed": "no", "value": "abc"}]}'), "returned 'abc' (str) as `value`"),
        (ANSWERED.format('{"findings": [{"passed": "no"}]}'), "returned 'no' (str) as `passed`"),
        (ANSWERED.format('{"findings": [{"passed": false, "value": "abc", "threshold": 1}]}'), "(str) as `value`"),
        (ANSWERED.format('{"findings": [{"passed": true, "value": NaN}]}'), "returned nan as `value`"),
        (ANSWERED.format('{"findings": {"passed": 1}}'), "returned '1' (int) as `passed`"),
        ("open(place, 'wb').write(b'\\xff\\xfe{')", "left an answer that can't be read: UnicodeDecodeError"),
        ("os.mkdir(place)", "left an answer that can't be read: it is no file"),
        ("os.mkfifo(place)", "left an answer that can't be read: it is no file"),
        ("open(place, 'wb').truncate(1 << 40)", "left an answer that can't be read: it has 1,099,511,627,776 bytes"),
    ],
)
def test_one_that_spoils_its_answer_is_named(ask: Ask, how: str, said: str) -> None:
    error = refused(ask(SPOILS.format(how=how)))
    assert error.message.startswith("`validators/v.py:check` "), error.message
    assert said in error.message


ODD = """
class Quiet(Exception):
    def __str__(self): raise ValueError("x")
class Odd(BaseException): pass
class Odder(dict):
    def __iter__(self): raise RuntimeError("boom")
def check():
    {what}
"""


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("raise Quiet", "raised Quiet: ... (validators/v.py:8)"),
        ("raise Odd('base')", "raised Odd: base (validators/v.py:8)"),
        ("raise KeyboardInterrupt", "raised KeyboardInterrupt (validators/v.py:8)"),
        ("raise GeneratorExit('x')", "raised GeneratorExit: x (validators/v.py:8)"),
        ("raise SyntaxError('x', (1, 2, 3, 4))", "raised SyntaxError: x (validators/v.py:8)"),
        ("return Odder(passed=True)", "returned a value (Odder), which can't be read: RuntimeError: boom"),
        ("return {'passed': True, 'value': 10**400}", "(int) as `value`, which can't be compared"),
        ("pass\nraise Odd('at once')", "`validators/v.py:check` raised Odd: at once (validators/v.py:9)"),
    ],
)
def test_what_it_raises_is_told_whatever_it_is(ask: Ask, what: str, said: str) -> None:
    error = refused(ask(ODD.format(what=what)))
    assert said in error.message
    assert error.message.startswith(("`validators/v.py:check` ", "`validators/v.py` "))
    assert "os._exit" not in error.help


def test_one_that_prints_without_end_fills_nothing(ask: Ask, tmp_path: Path) -> None:
    text = "def check():\n    for line in range(100_000): print('x' * 90, line)\n    return True\n"
    heard = ask(text, log=tmp_path / "g.log").examine(60)
    assert heard.findings[0].passed
    assert heard.said.endswith(" 99999")
    assert len(heard.said) <= 64 * 1024
    assert (tmp_path / "g.log").stat().st_size <= 64 * 1024 + 1


def test_it_changes_only_its_own_copy(ask: Ask, tmp_path: Path) -> None:
    table = codecs.encode(pd.DataFrame({"a": [1, 2]}), OutputType.TABLE, tmp_path, "data", label="t").path
    before = table.read_bytes()
    assert ask("def check(data):\n    data['a'] = 0\n    return True\n", {"data": table}).examine(60).findings[0].passed
    assert table.read_bytes() == before


STAYS = """
import os, subprocess, sys, time
def check(*, marks, session, leave):
    inner = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(100)"], start_new_session=session)
    open(f"{marks}/started", "w").write(f"{inner.pid}")
    reading, writing = os.pipe()
    if os.fork() == 0:
        os.setsid() if session else None
        if os.fork() == 0:
            open(f"{marks}/forked", "w").write(f"{os.getpid()}")
            os.write(writing, b"x")
            time.sleep(100)
        os._exit(0)
    os.read(reading, 1)
    if leave:
        os._exit(0)
    return True
"""


@pytest.mark.parametrize(("session", "leave"), [(False, False), (True, False), (True, True)])
def test_children_that_stay_are_ended(ask: Ask, tmp_path: Path, session: bool, leave: bool) -> None:
    asked = ask(STAYS, marks=str(tmp_path), session=session, leave=leave)
    if leave:
        assert "code 0" in refused(asked).message
    else:
        assert asked.examine(60).findings[0].passed
    for mark in ("started", "forked"):
        assert gone(int((tmp_path / mark).read_text())), mark


HIDES = """
import os, subprocess, sys, time
def check(*, mark, how):
    code = "import os, sys, time; os.fork() and os._exit(0); os.setsid(); "
    code += "open(sys.argv[1] + '.part', 'w').write(str(os.getpid())); os.rename(sys.argv[1] + '.part', sys.argv[1]); "
    code += "time.sleep(100)"
    subprocess.Popen([sys.executable, "-c", code, mark], env={}, start_new_session=True)
    while not os.path.exists(mark):
        time.sleep(0.02)
    if how == "hangs":
        time.sleep(100)
    if how == "exits":
        os._exit(3)
    if how == "dies":
        os.kill(os.getpid(), 9)
    return True
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux gives orphans to the process above them")
@pytest.mark.parametrize("how", ["returns", "hangs", "exits", "dies"])
def test_one_that_hides_a_process_from_us_leaves_none(ask: Ask, tmp_path: Path, how: str) -> None:
    """In a session of its own, its parent gone, its environment empty: only the tree of processes still shows it."""
    asked = ask(HIDES, mark=str(tmp_path / "pid"), how=how)
    if how == "returns":
        assert asked.examine(60).findings[0].passed
    else:
        refused(asked, timeout=3)
    pid = int((tmp_path / "pid").read_text())
    try:
        assert gone(pid)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, 9)


def test_a_thread_that_goes_on_does_not_hold_the_answer_back(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "GRACE", 0.3)
    text = """
        import threading, time
        def check():
            threading.Thread(target=time.sleep, args=(100,)).start()
            return True
    """
    began = time.monotonic()
    assert ask(text).examine(60).findings == (Finding(True),)
    assert time.monotonic() - began < 20


def test_many_at_the_same_time(ask: Ask) -> None:
    asked = ask("def check(): return True\n")
    found: list[bool] = []
    threads = [threading.Thread(target=lambda: found.append(asked.examine(60).findings[0].passed)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True] * 4
