"""A team's own check asked in a process of its own, so that nothing it does reaches the run but its findings."""

from __future__ import annotations

import os
import re
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from modelsync.core import findings
from modelsync.core.errors import StepError
from modelsync.core.findings import FindingError, Heard
from modelsync.usercode import blame, child
from modelsync.usercode.examination import Examination

_KEPT = 64 * 1024  # bytes of what it prints; a check that prints for ever must fill neither memory nor disk
_SHOWN = 200  # characters of its last line that an error repeats
_END = re.compile(r"^(Fatal Python error|Current thread 0x|Stack \(most recent)", re.MULTILINE)  # faulthandler's words
_FRAME = re.compile(r'^  File "(.+)", line (\d+) in ', re.MULTILINE)
_PATIENCE = 2.0  # seconds for the last of its words to arrive


@dataclass(frozen=True, slots=True)
class Validator:
    """An examination that waits to be made; the form in which a gate gets it.

    `on_start` is told the id of its group of processes. The end of what it prints is appended to
    the file `log`.
    """

    examination: Examination
    on_start: Callable[[int], None] | None = None
    log: Path | None = None

    @property
    def label(self) -> str:
        """The function as the spec writes it."""
        return self.examination.label

    def examine(self, timeout: float) -> Heard:
        """What the function finds in at most `timeout` seconds, and the end of what it printed.

        StepError when it raises, dies, returns nonsense or takes longer (reason `timeout`), with the line that was
        running and the last line that it printed. Everything that it started is ended.
        """
        with _Ear() as ear, tempfile.TemporaryDirectory(prefix="modelsync-check-") as folder:
            try:
                answer = child.conduct(
                    Path(folder),
                    {"examination": self.examination.to_json()},
                    self.label,
                    timeout=timeout,
                    on_start=self.on_start,
                    output=ear.end,
                    environment={"PYTHONUNBUFFERED": "1"},  # else the words of one that crashes are lost
                )
            except StepError as error:
                said, trace = self._heard(ear)
                raise _told(error, said, _place(trace, self.examination.root)) from error
            said, _ = self._heard(ear)
        try:  # the function had the file with its answer in reach: what it holds is no better than what it returns
            return Heard(findings.read(self.label, answer["findings"]), said)
        except FindingError as error:
            raise StepError(str(error)) from error

    def _heard(self, ear: _Ear) -> tuple[str, str]:
        """What it printed itself, and what Python printed of where it ended."""
        said = ear.heard()
        if said and self.log is not None:
            self.log.parent.mkdir(parents=True, exist_ok=True)
            with self.log.open("a", encoding="utf-8") as stream:
                stream.write(f"{said}\n")
        end = _END.search(said)
        return (said, "") if end is None else (said[: end.start()].rstrip(), said[end.start() :])


def _told(error: StepError, said: str, where: str) -> StepError:
    """The same error with the line that was running and the last words, as far as they are known."""
    message = error.message
    if where and where not in message:
        message += f" ({where})"
    if said:
        message += f"; it printed last: {said.splitlines()[-1][:_SHOWN]}"
    return StepError(message, help=error.help, reason=error.reason, detail=error.detail)


def _place(trace: str, root: Path) -> str:
    """The innermost line of the project in a trace, which begins with the innermost: `validators/recall.py:12`."""
    for file, line in _FRAME.findall(trace):
        if Path(file).is_relative_to(root.resolve()):
            return f"{blame.shown(Path(file), root)}:{line}"
    return ""


class _Ear:
    """The reading end of a pipe: listens to everything and remembers the end of it."""

    def __init__(self) -> None:
        self._begin, self.end = os.pipe()
        self._bytes = bytearray()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def __enter__(self) -> _Ear:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._close()

    def heard(self) -> str:
        """What was said, once the speaker is gone."""
        self._close()
        self._thread.join(_PATIENCE)
        return bytes(self._bytes).decode("utf-8", errors="replace").strip()

    def _close(self) -> None:
        if self.end >= 0:
            os.close(self.end)
            self.end = -1

    def _listen(self) -> None:
        while part := os.read(self._begin, _KEPT):
            self._bytes += part
            del self._bytes[:-_KEPT]
        os.close(self._begin)
