"""`fmt`: specs in the one layout."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from modelsync.api.checking import wanted
from modelsync.api.rewriting import replace_text
from modelsync.core.diagnostics import Diagnostic
from modelsync.core.errors import SpecError, SurroundingsError, UsageError
from modelsync.language.layout.formatting import layout
from modelsync.language.text.source import MAX_BYTES, decode_bytes


@dataclass(frozen=True, slots=True)
class Formatted:
    """One spec in the one layout. With `diagnostics` it can't be read, and `text` is not to be used."""

    path: Path
    data: bytes  # what was read
    text: str
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether the layout differs from what was read."""
        return not self.diagnostics and self.data != self.text.encode("utf-8")

    @property
    def before(self) -> str:
        """The text that was read."""
        return self.data.decode("utf-8-sig", errors="replace")


def fmt(paths: Sequence[Path]) -> tuple[Formatted, ...]:
    """Lay out every spec that is meant: files as named, every spec below a folder, without any all of the project here.

    Writes nothing. UsageError when a file does not exist or a folder holds no spec.
    """
    return tuple(fmt_text(path, _bytes(path)) for path in wanted(paths))


def fmt_text(path: Path, data: bytes) -> Formatted:
    """Lay out one text; `path` is only named in messages."""
    source = decode_bytes(path, data)
    if isinstance(source, Diagnostic):
        return Formatted(path, data, "", (source,))
    try:
        return Formatted(path, data, layout(source))
    except SpecError as error:
        return Formatted(path, data, "", error.diagnostics)


def write(formatted: Sequence[Formatted]) -> None:
    """Write the files that changed. SurroundingsError when one was changed by somebody else since it was read."""
    for each in formatted:
        if not each.changed:
            continue
        if _bytes(each.path) != each.data:
            raise SurroundingsError(f"`{each.path}` was changed while it was read", help="format it again")
        replace_text(each.path, each.text)


def _bytes(path: Path) -> bytes:
    """The bytes of a file, one more than a spec may have at most."""
    try:
        with path.open("rb") as handle:
            return handle.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise UsageError(f"there is no spec `{path}`", help="name a file, or a folder with specs") from None
    except OSError as error:
        raise UsageError(f"the spec `{path}` can't be read: {error.strerror}", help="check its permissions") from None
