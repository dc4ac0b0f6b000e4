"""Entries found and replaced in the text of a manifest are those of the manifest."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from modelsync.core.digest import of_bytes
from modelsync.store.folders import Entry, Manifest
from modelsync.store.splicing import directly_in, spliced

NAMES = st.sampled_from(["a", "a b", "a-", "a.b", "a0", "b", "ä", 'q"', "z\\", "\n", "\u2028", "😀", "-", "{"])
PATHS = st.lists(NAMES, min_size=1, max_size=3).map("/".join)


def _manifest(paths: set[str], mark: str = "") -> Manifest:
    files = [path for path in paths if not any(other.startswith(f"{path}/") for other in paths)]
    return Manifest(
        tuple(Entry(path, len(path) % 2 == 0, len(path), of_bytes(f"{path}{mark}".encode())) for path in sorted(files))
    )


@settings(max_examples=50, deadline=None)
@given(st.sets(PATHS, max_size=30), NAMES)
def test_the_files_of_a_folder_are_found_without_those_below_it(paths: set[str], folder: str) -> None:
    manifest = _manifest(paths)
    text = manifest.encode()
    found = directly_in(text, folder)
    assert [line.entry for line in found] == [e for e in manifest.entries if e.path.rpartition("/")[0] == folder]
    assert all(text[line.begin : line.end] == line.entry.line().encode() for line in found)


@settings(max_examples=50, deadline=None)
@given(st.sets(PATHS, max_size=30), st.sets(NAMES, max_size=8), NAMES)
def test_a_spliced_text_is_what_the_new_manifest_encodes_to(paths: set[str], now: set[str], folder: str) -> None:
    manifest = _manifest(paths)
    text = manifest.encode()
    lines = directly_in(text, folder)
    kept = [entry for entry in manifest.entries if entry not in {line.entry for line in lines}]
    stay = {entry.path.split("/")[1] for entry in kept if entry.path.startswith(f"{folder}/")}
    if folder in {entry.path for entry in kept}:
        return
    new = _manifest({f"{folder}/{name}" for name in now - stay}, "new").entries
    assert spliced(text, lines, new) == Manifest(tuple(sorted([*kept, *new]))).encode()
