"""Objects in buckets become files: against an S3 simulator with the real protocol, and a small fake of GCS.

GCS is tested against this fake only; nobody has run it on a bucket of Google's here.
"""

from __future__ import annotations

import hashlib
import http.server
import threading
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

import obstore
import pytest
from obstore.store import S3Store

from modelsync.core.errors import SurroundingsError, UsageError
from modelsync.data.sources.buckets import BucketSource

OBJECTS = {
    "sales/part-1.csv": b"a\n1\n",
    "sales/part-2.csv": b"a\n2\n",
    "sales/deep/er/x y+z%20.csv": b"a\n3\n",
    "sales2/no.csv": b"not below sales/",
    "sales/": b"",
    "empty.csv": b"",
    "large.bin": bytes(range(256)) * 20_000,
}


@pytest.fixture
def bucket(s3_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> S3Store:
    name = "b-" + hashlib.sha256(str(tmp_path).encode()).hexdigest()[:20]
    for variable in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL_S3"):
        monkeypatch.delenv(variable, raising=False)
    for variable, value in (
        ("AWS_ACCESS_KEY_ID", "key"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
        ("AWS_REGION", "us-east-1"),
        ("AWS_ENDPOINT_URL", s3_server),
    ):
        monkeypatch.setenv(variable, value)
    _put(f"{s3_server}/{name}", b"")
    for key, content in OBJECTS.items():
        _put(f"{s3_server}/{name}/{quote(key)}", content)
    return S3Store(name, client_options={"allow_http": True})


def _put(url: str, content: bytes) -> None:
    headers = {"Content-Type": "application/octet-stream"}
    urllib.request.urlopen(urllib.request.Request(url, content, headers, method="PUT"), timeout=10).close()


def _url(store: S3Store, key: str) -> str:
    return f"s3://{store.config['bucket']}/{key}"


def test_one_object(bucket: S3Store, tmp_path: Path) -> None:
    told: list[tuple[int, int | None]] = []
    source = BucketSource(_url(bucket, "large.bin"))
    found = source.fetch(tmp_path / "in", lambda done, total: told.append((done, total)))
    assert found.place == tmp_path / "in" / "large.bin"
    assert found.place.read_bytes() == OBJECTS["large.bin"]
    assert told[-1] == (5_120_000, 5_120_000)
    assert found.fingerprint == source.fingerprint()
    assert found.fingerprint.value and found.fingerprint.modified is not None
    assert BucketSource(_url(bucket, "empty.csv")).fetch(tmp_path / "in2").size == 0


@pytest.mark.parametrize("key", ["sales", "sales/"])
def test_everything_below_a_prefix(bucket: S3Store, tmp_path: Path, key: str) -> None:
    found = BucketSource(_url(bucket, key)).fetch(tmp_path / "in")
    assert found.names == ("deep/er/x y+z%20.csv", "part-1.csv", "part-2.csv")
    assert [path.read_bytes() for path in found.paths] == [b"a\n3\n", b"a\n1\n", b"a\n2\n"]
    assert (found.size, found.single, found.place) == (12, False, tmp_path / "in")


def test_the_whole_bucket(bucket: S3Store, tmp_path: Path) -> None:
    assert len(BucketSource(_url(bucket, "")).fetch(tmp_path / "in").names) == len(OBJECTS) - 1


def test_a_change_is_seen_without_fetching(bucket: S3Store) -> None:
    one, many = BucketSource(_url(bucket, "sales/part-1.csv")), BucketSource(_url(bucket, "sales/"))
    before = one.fingerprint().value, many.fingerprint().value
    assert (one.fingerprint().value, many.fingerprint().value) == before
    obstore.put(bucket, "sales/part-2.csv", b"a\n9\n")
    assert one.fingerprint().value == before[0]
    assert many.fingerprint().value != before[1]


def test_an_object_that_changes_between_listing_and_fetching(bucket: S3Store, tmp_path: Path) -> None:
    def change(done: int, total: int | None) -> None:
        obstore.put(bucket, "sales/zz.csv", b"other")

    for number in range(20):
        obstore.put(bucket, f"sales/q{number:02}.csv", b"x")
    obstore.put(bucket, "sales/zz.csv", b"first")
    with pytest.raises(SurroundingsError, match=r"`sales/zz.csv` .* changed while it was fetched"):
        BucketSource(_url(bucket, "sales/")).fetch(tmp_path / "in", change)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("s3://{bucket}/none.csv", "nothing lies at"),
        ("s3://{bucket}/sal", "nothing lies at"),
        ("s3:///x", "is no bucket"),
        ("s3://key:secret@b/x", "is no bucket"),
        ("az://b/x", "is no bucket"),
        ("s3://no-such-bucket-here/x/", "does not exist"),
    ],
)
def test_what_is_not_there(bucket: S3Store, tmp_path: Path, url: str, said: str) -> None:
    source = BucketSource(url.format(bucket=bucket.config["bucket"]))
    for act in (source.fingerprint, lambda: source.fetch(tmp_path / "in")):
        with pytest.raises(UsageError, match=said) as caught:
            act()
        assert caught.value.help
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("key", ["bad/../../up.csv", "bad/./x", "bad/a\\b"])
def test_keys_that_are_no_paths(bucket: S3Store, s3_server: str, tmp_path: Path, key: str) -> None:
    _put(f"{s3_server}/{bucket.config['bucket']}/{quote(key)}", b"x")
    with pytest.raises((UsageError, SurroundingsError)):
        BucketSource(_url(bucket, "bad/")).fetch(tmp_path / "in")
    assert list(tmp_path.iterdir()) == []


def test_an_interrupt_leaves_nothing(bucket: S3Store, tmp_path: Path) -> None:
    def interrupt(done: int, total: int | None) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        BucketSource(_url(bucket, "sales/")).fetch(tmp_path / "in", interrupt)
    assert list(tmp_path.iterdir()) == []


def test_nobody_answers(bucket: S3Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    with pytest.raises(SurroundingsError, match="can't be fetched") as caught:
        BucketSource("s3://bucket/x.csv").fetch(tmp_path / "in")
    assert "\n" not in str(caught.value)


@pytest.fixture
def google(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, bytes]]:
    """A fake of the little that reading needs: listing by prefix, headers and bytes of an object."""
    objects = {"sales/a.csv": b"a\n1\n", "sales/b c.csv": b"a\n2\n"}

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self._object(self.path, body=False)

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if "list-type" in parts.query:
                return self._list(parse_qs(parts.query).get("prefix", [""])[0])
            return self._object(parts.path, body=True)

        def _list(self, prefix: str) -> None:
            rows = "".join(
                f"<Contents><Key>{key}</Key><Size>{len(content)}</Size><ETag>{_tag(content)}</ETag>"
                "<LastModified>2026-11-20T10:00:00.000Z</LastModified></Contents>"
                for key, content in objects.items()
                if key.startswith(prefix)
            )
            text = f"<ListBucketResult>{rows}</ListBucketResult>".encode()
            self._send(200, text, {"Content-Type": "application/xml"})

        def _object(self, path: str, body: bool) -> None:
            content = objects.get(unquote(urlsplit(path).path).removeprefix("/bucket/"))
            if content is None:
                return self._send(404, b"", {})
            headers = {"ETag": _tag(content), "Last-Modified": "Fri, 20 Nov 2026 10:00:00 GMT"}
            return self._send(200, content, headers, body)

        def _send(self, status: int, content: bytes, headers: dict[str, str], body: bool = True) -> None:
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content if body else b"")

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", f"http://127.0.0.1:{server.server_address[1]}")
        yield objects
        server.shutdown()
        thread.join()


def _tag(content: bytes) -> str:
    return f'"{hashlib.md5(content).hexdigest()}"'


def test_google(google: dict[str, bytes], tmp_path: Path) -> None:
    found = BucketSource("gs://bucket/sales").fetch(tmp_path / "in")
    assert {name: path.read_bytes() for name, path in zip(found.names, found.paths, strict=True)} == {
        "a.csv": b"a\n1\n",
        "b c.csv": b"a\n2\n",
    }
    assert found.fingerprint.modified == datetime(2026, 11, 20, 10, tzinfo=UTC)
    one = BucketSource("gs://bucket/sales/a.csv")
    before = one.fingerprint()
    assert one.fetch(tmp_path / "in2").single
    google["sales/a.csv"] = b"a\n7\n"
    assert one.fingerprint().value != before.value
    with pytest.raises(UsageError, match="nothing lies"):
        BucketSource("gs://bucket/none").fingerprint()


def test_keys_of_a_profile(bucket: S3Store, s3_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(variable)
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws/credentials").write_text(
        "[team]\naws_access_key_id = a\naws_secret_access_key = b\naws_session_token = c\n"
    )
    (tmp_path / ".aws/config").write_text(f"[profile team]\nregion = us-east-1\nendpoint_url = {s3_server}\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_PROFILE", "team")
    assert BucketSource(_url(bucket, "sales/part-1.csv")).fetch(tmp_path / "in").size == 4
