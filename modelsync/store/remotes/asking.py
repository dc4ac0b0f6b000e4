"""One request to a remote: tried again when that can help, stopped by Ctrl-C, its refusal told in a sentence."""

from __future__ import annotations

import os
import random
import re
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TypeVar

from modelsync.core.errors import SurroundingsError, UsageError
from modelsync.store.failpoints import reached

PATIENCE = "MODELSYNC_REMOTE_PATIENCE"
FAILPOINTS = ("before_remote_request", "after_remote_request")
CREDENTIALS = "set the provider's own variables or profile, as its command line tool reads them"

_STATUS = re.compile(r"status code: (\d{3})")
_AGAIN = {408, 425, 429, 500, 502, 503, 504}
_TRIES = 7
_FIRST, _MOST = 0.2, 8.0  # seconds between tries, twice as long each time; 13 s in all, and what the requests take

Answer = TypeVar("Answer")


class DeniedError(SurroundingsError):
    """These credentials may not do that there."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Asks one place, called `label` in what is said."""

    label: str

    def __call__(self, call: Callable[[], Answer]) -> Answer:
        """What `call` answers. FileNotFoundError, and the refusals that obstore knows by name, come through."""
        tries, pause = _patience()
        for left in reversed(range(tries)):
            reached(FAILPOINTS[0])
            try:
                answer = _apart(call)
            except Exception as error:
                if left == 0 or not _is_passing(error):
                    raise self._told(error) from None
                time.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311 - so that two who wait do not come together
                pause = min(2 * pause, _MOST)
            else:
                reached(FAILPOINTS[1])
                return answer
        raise AssertionError("there is at least one try")

    def _told(self, error: Exception) -> Exception:
        from obstore import exceptions

        text, status = str(error), _status(error)
        if not isinstance(error, exceptions.BaseError | OSError):
            return error
        if status == 404 and "NoSuchKey" in text:
            return FileNotFoundError(text)
        if "NoSuchBucket" in text or (status == 404 and not isinstance(error, FileNotFoundError)):
            return UsageError(f"there is no bucket for `{self.label}`", help="check the address, or make the bucket")
        if isinstance(error, FileNotFoundError | exceptions.AlreadyExistsError | exceptions.PreconditionError):
            return error
        if isinstance(error, exceptions.PermissionDeniedError | exceptions.UnauthenticatedError) or status in (
            401,
            403,
        ):
            return DeniedError(f"`{self.label}` is not open to these credentials", help=CREDENTIALS)
        said = text.partition("\n")[0].partition(" - ")[2].partition(": <")[0].rstrip(": ") or text.partition("\n")[0]
        help_ = f"check the address and the network, then run it again: what was sent stays there; {CREDENTIALS}"
        return SurroundingsError(f"`{self.label}` does not answer as it should: {said}", help=help_)


def begin(call: Callable[[], Answer]) -> Future[Answer]:
    """Start something in a thread that the end of the program does not wait for."""
    future: Future[Answer] = Future()

    def work() -> None:
        try:
            future.set_result(call())
        except BaseException as error:
            future.set_exception(error)

    threading.Thread(target=work, name="remote", daemon=True).start()
    return future


def _apart(call: Callable[[], Answer]) -> Answer:
    """A library's own wait can't be interrupted, so a person's thread waits for another one."""
    if threading.current_thread() is not threading.main_thread():
        return call()
    return begin(call).result()


def _is_passing(error: Exception) -> bool:
    """Whether the next try may go better: nobody answered, or the server was too busy."""
    from obstore import exceptions

    if not isinstance(error, exceptions.GenericError):
        return False
    status = _status(error)
    return status in _AGAIN if status else "HTTP error" in str(error) or "error decoding response body" in str(error)


def _status(error: Exception) -> int:
    found = _STATUS.search(str(error))
    return int(found[1]) if found else 0


def _patience() -> tuple[int, float]:
    """How often a request is made at most, and seconds before the second try; `tries:seconds` in the environment."""
    given = re.fullmatch(r"([1-9]\d?):(\d+(?:\.\d+)?)", os.environ.get(PATIENCE, ""), re.ASCII)
    return (_TRIES, _FIRST) if given is None else (int(given[1]), float(given[2]))
