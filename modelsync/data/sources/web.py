"""A source behind `http://` or `https://`: streamed to a file, resumed where the server allows it."""

from __future__ import annotations

import http.client
import re
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email.message import Message
from email.utils import parsedate_to_datetime
from http.client import HTTPMessage
from pathlib import Path
from typing import IO, Any
from urllib.parse import SplitResult, unquote, urlsplit

from modelsync.core.errors import ModelSyncError, SurroundingsError, UsageError
from modelsync.data.sources.base import Fetched, Fingerprint, Progress, arriving, silent, unwritable

_PIECE = 1 << 18
_TRIES = 4  # of one fetch; each goes on where the last one stopped if the server can
_REDIRECTS = 5
_LONGEST_WAIT = 10.0  # seconds; a server that asks for more is told to people instead
_LONGEST_NAME = 200  # characters of a file name taken from an address
_PASSING = frozenset({408, 429, 500, 502, 503, 504})  # statuses that may be gone at the next try
_PARTIAL = 206
_BEYOND_END = 416
_NO_HEAD = frozenset({400, 403, 404, 405, 501})  # what servers answer that know GET alone

# The ending by which a table is read, for addresses that have none.
_ENDINGS = {
    "text/csv": ".csv",
    "application/vnd.apache.parquet": ".parquet",
    "application/jsonl": ".jsonl",
    "application/x-ndjson": ".jsonl",
}


@dataclass(frozen=True, slots=True)
class WebSource:
    """What one address answers. `timeout` in seconds for each answer, not for the whole; `wait` sleeps."""

    url: str
    timeout: float = 30.0
    wait: Callable[[float], None] = time.sleep

    @property
    def label(self) -> str:
        """The address without what may be secret in it: account, query and fragment."""
        parts = urlsplit(self.url)
        return f"`{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}`"

    def fingerprint(self) -> Fingerprint:
        """From ETag, or from Last-Modified and length; no value when the server gives neither."""
        try:
            with _open(self, "HEAD", {}) as answer:
                return _fingerprint(answer.headers)
        except (_Status, _BrokenOff) as error:
            if not isinstance(error, _Status) or error.code not in _NO_HEAD:
                raise _said(self, error) from None
        try:
            with _open(self, "GET", {}) as answer:
                return _fingerprint(answer.headers)
        except (_Status, _BrokenOff) as error:
            raise _said(self, error) from None

    def fetch(self, into: Path, progress: Progress = silent) -> Fetched:
        """One file in `into`, named as the address ends."""
        with arriving(into) as folder:
            state = _State(folder / "content")
            for left in reversed(range(_TRIES)):
                try:
                    self._receive(state, progress)
                    break
                except (_BrokenOff, _Status) as error:
                    if not left or (isinstance(error, _Status) and error.code not in _PASSING):
                        raise _said(self, error) from None
                    self.wait(_pause(error, _TRIES - left))
            name = _name(self.url, state.kind)
            state.path.rename(folder / name)
        return Fetched(into, (name,), state.done, state.fingerprint, single=True)

    def _receive(self, state: _State, progress: Progress) -> None:
        """The rest of the content, or all of it when it can't go on; _BrokenOff when it ends too early."""
        asked = {"Range": f"bytes={state.done}-", "If-Range": state.mark} if state.done and state.mark else {}
        try:
            answer = _open(self, "GET", asked)
        except _Status as status:
            if status.code != _BEYOND_END or not state.done:
                raise
            state.restart()
            answer = _open(self, "GET", {})
        with answer:
            _refuse_encoding(self, answer.headers)
            goes_on = answer.status == _PARTIAL and _starts_at(answer.headers, state.done)
            if not goes_on:
                state.begin(answer.headers)
            _copy(answer, state, progress)


class _BrokenOff(Exception):  # noqa: N818 - it never leaves this module
    """The connection ended before the content did, or never came to be."""


class _Status(Exception):  # noqa: N818 - it never leaves this module
    """An answer that is no content."""

    def __init__(self, code: int, reason: str, headers: Message) -> None:
        super().__init__(f"{code} {reason}")
        self.code = code
        self.headers = headers


@dataclass(slots=True)
class _State:
    """How far a fetch has come: bytes in `path`, what the server said of the content when it began."""

    path: Path
    done: int = 0
    total: int | None = None
    mark: str = ""  # by which a server knows that the content is still the same
    kind: str = ""
    fingerprint: Fingerprint = Fingerprint(None)  # noqa: RUF009 - frozen

    def begin(self, headers: HTTPMessage) -> None:
        """A new content starts at its first byte."""
        self.restart()
        self.total = _length(headers)
        tag = headers.get("ETag", "")
        self.mark = tag if tag and not tag.startswith("W/") else headers.get("Last-Modified", "")
        self.kind = headers.get_content_type()
        self.fingerprint = _fingerprint(headers)

    def restart(self) -> None:
        """Forget what came."""
        self.path.unlink(missing_ok=True)
        self.done, self.total, self.mark = 0, None, ""


class _Redirects(urllib.request.HTTPRedirectHandler):
    max_redirections = _REDIRECTS
    max_repeats = _REDIRECTS

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        """Follow only to http and https, never from https back to plain http."""
        scheme = urlsplit(newurl).scheme
        if scheme not in ("http", "https") or (req.type == "https" and scheme == "http"):
            raise SurroundingsError(
                f"`{req.host}` sends on to an address with `{scheme}://`",
                help="only https may follow https; name the address that holds the data itself",
            )
        made = super().redirect_request(req, fp, code, msg, headers, newurl)
        if made is not None:
            made.method = req.get_method()  # a HEAD stays one
        return made


def _opener() -> urllib.request.OpenerDirector:
    """No handler for files, FTP and data addresses: a redirect has nothing to lead to but HTTP."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.UnknownHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(context=ssl.create_default_context()),
        urllib.request.HTTPDefaultErrorHandler(),
        _Redirects(),
        urllib.request.HTTPErrorProcessor(),
    ):
        opener.add_handler(handler)
    return opener


def _open(source: WebSource, method: str, more: dict[str, str]) -> Any:
    parts = _parts(source)
    asked = {"Accept-Encoding": "identity", "User-Agent": "modelsync", **more}
    request = urllib.request.Request(parts._replace(fragment="").geturl(), headers=asked, method=method)  # noqa: S310
    try:
        return _opener().open(request, timeout=source.timeout)
    except urllib.error.HTTPError as error:
        error.close()
        if 300 <= error.code < 400:
            raise SurroundingsError(
                f"{source.label} sends on and on, or to an address that is not http(s)",
                help="name the address that holds the data itself",
            ) from None
        raise _Status(error.code, error.reason, error.headers) from None
    except urllib.error.URLError as error:
        if isinstance(error.reason, ssl.SSLCertVerificationError):
            help_ = "check the address, or add the certificate of its authority (SSL_CERT_FILE)"
            raise SurroundingsError(f"the certificate of {source.label} is not trusted", help=help_) from None
        raise _BrokenOff(_reason(error.reason)) from None
    except (OSError, http.client.HTTPException) as error:
        raise _BrokenOff(_reason(error)) from None


def _parts(source: WebSource) -> SplitResult:
    parts = urlsplit(source.url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError(f"{source.label} is no http(s) address", help="write it as https://host/path")
    if parts.username or parts.password:
        raise UsageError(f"{source.label} holds an account", help="leave the password to a proxy, or fetch it first")
    if not source.url.isascii() or any(sign <= " " for sign in source.url):
        raise UsageError(f"{source.label} has signs that no address may have", help="write them with %, such as %20")
    return parts


def _copy(answer: Any, state: _State, progress: Progress) -> None:
    try:
        handle = state.path.open("ab")
    except OSError as error:
        raise unwritable(state.path, error) from error
    with handle:
        while True:
            try:
                piece = answer.read(_PIECE)
            except (OSError, http.client.HTTPException) as error:
                raise _BrokenOff(_reason(error)) from None
            if not piece:
                break
            handle.write(piece)
            state.done += len(piece)
            progress(state.done, state.total)
    if state.total is not None and state.done != state.total:
        raise _BrokenOff(f"{state.done:,} of {state.total:,} bytes came")


def _fingerprint(headers: HTTPMessage) -> Fingerprint:
    tag, changed, length = headers.get("ETag"), headers.get("Last-Modified"), headers.get("Content-Length")
    modified: datetime | None = None
    with suppress(TypeError, ValueError):
        modified = parsedate_to_datetime(changed or "")
    if tag:
        return Fingerprint(f"etag {tag}", modified=modified)
    if changed and length:
        return Fingerprint(f"modified {changed}, {length} bytes", modified=modified)
    return Fingerprint(None, "the server names neither an ETag nor a time of change, so only fetching can tell")


def _length(headers: HTTPMessage) -> int | None:
    text = headers.get("Content-Length", "")
    return int(text) if text.isdecimal() else None


def _starts_at(headers: HTTPMessage, offset: int) -> bool:
    return headers.get("Content-Range", "").startswith(f"bytes {offset}-")


def _refuse_encoding(source: WebSource, headers: HTTPMessage) -> None:
    coding = headers.get("Content-Encoding", "identity")
    if coding != "identity":
        raise SurroundingsError(
            f"{source.label} is sent as `{coding}` although plain bytes were asked for",
            help="download it with a tool that unpacks it, and name the file as the source",
        )


def _name(url: str, kind: str) -> str:
    last = unquote(urlsplit(url).path).rpartition("/")[2]
    name = re.sub(r"[\x00-\x1f\\:]", "_", last)[-_LONGEST_NAME:]
    if name in ("", ".", ".."):
        name = "content"
    return name if Path(name).suffix else name + _ENDINGS.get(kind, "")


def _pause(error: Exception, tried: int) -> float:
    asked = error.headers.get("Retry-After", "") if isinstance(error, _Status) else ""
    return min(float(asked) if asked.isdecimal() else 0.5 * 2 ** (tried - 1), _LONGEST_WAIT)


def _reason(error: object) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__).rstrip(".")


def _said(source: WebSource, error: Exception) -> ModelSyncError:
    if not isinstance(error, _Status):
        help_ = "check the address and the network, and run it again; nothing half-fetched was left"
        return SurroundingsError(f"{source.label} can't be fetched: {error}", help=help_)
    if error.code in (404, 410):
        return UsageError(f"{source.label} does not exist: the server says {error}", help="check the address")
    if error.code in (401, 403, 407):
        return SurroundingsError(
            f"{source.label} is not open to everybody: the server says {error}",
            help="name an address that needs no account, or a bucket with `s3://` or `gs://`",
        )
    return SurroundingsError(f"{source.label} can't be fetched: the server says {error}", help="try it later")
