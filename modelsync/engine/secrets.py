"""What a spec calls a secret, looked up where it lies, at the moment it is needed and not before."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from modelsync.core.errors import SurroundingsError
from modelsync.language.delivery import SecretRef
from modelsync.language.model import Secret

STORES = ("env", "file")  # those that can be asked
_LARGEST = 64 * 1024  # bytes; what is larger is no secret but the wrong file


def secret(
    root: Path, secrets: Mapping[str, Secret], ref: SecretRef, environment: Mapping[str, str] = os.environ
) -> str:
    """The value of one of a spec's secrets; files are looked for below `root`.

    SurroundingsError, which names the place and never the value, when it is not there.
    """
    kept = secrets[ref.name]
    value = _from_file(root, kept) if kept.store == "file" else environment.get(kept.key, "")
    if kept.store not in STORES:
        raise SurroundingsError(
            f"the secret `{kept.name}` lies in `{kept.store}`, which can't be asked yet",
            help=f"let it come from the environment: `{kept.name}: {{env: VARIABLE}}`",
        )
    if not value.strip():
        place = f"the variable `{kept.key}` is not set" if kept.store == "env" else f"`{kept.key}` is empty"
        raise SurroundingsError(f"the secret `{kept.name}` is not there: {place}", help="set it, and run it again")
    return value.strip()


def _from_file(root: Path, kept: Secret) -> str:
    path = root / Path(kept.key).expanduser()
    try:
        with path.open("rb") as handle:
            return handle.read(_LARGEST).decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        said = getattr(error, "strerror", None) or "it is no text"
        raise SurroundingsError(
            f"the secret `{kept.name}` can't be read from `{kept.key}`: {said}",
            help="check the path and its permissions",
        ) from None
