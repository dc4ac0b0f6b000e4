"""Settings for S3 as Amazon's own tools find them: variables first, then the profile in `~/.aws`."""

from __future__ import annotations

import configparser
from collections.abc import Mapping
from pathlib import Path

_CREDENTIALS = ("aws_access_key_id", "aws_secret_access_key", "aws_session_token")


def settings(environment: Mapping[str, str]) -> dict[str, str]:
    """Values for an object store's configuration; what is not here the store finds by itself (roles, containers).

    A key in the environment wins over the profile, both halves together. Files that can't be read say nothing.
    """
    name = environment.get("AWS_PROFILE") or environment.get("AWS_DEFAULT_PROFILE") or "default"
    folder = Path(environment.get("HOME", "~")).expanduser() / ".aws"
    credentials = _section(environment.get("AWS_SHARED_CREDENTIALS_FILE") or folder / "credentials", name)
    heading = name if name == "default" else f"profile {name}"
    config = _section(environment.get("AWS_CONFIG_FILE") or folder / "config", heading)
    found: dict[str, str] = {}
    if not environment.get("AWS_ACCESS_KEY_ID"):
        keys = credentials if _CREDENTIALS[0] in credentials else config
        found |= {key: keys[key] for key in _CREDENTIALS if keys.get(key)}
    region = environment.get("AWS_REGION") or environment.get("AWS_DEFAULT_REGION") or config.get("region")
    endpoint = (
        environment.get("AWS_ENDPOINT_URL_S3") or environment.get("AWS_ENDPOINT_URL") or config.get("endpoint_url")
    )
    found |= {"region": region} if region else {}
    found |= {"endpoint": endpoint} if endpoint else {}
    return found


def _section(path: str | Path, name: str) -> dict[str, str]:
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read(Path(path).expanduser(), encoding="utf-8")
    except (configparser.Error, OSError, UnicodeDecodeError):
        return {}
    return dict(parser.items(name)) if parser.has_section(name) else {}
