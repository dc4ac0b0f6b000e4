"""Where secrets and remotes are."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from modelsync.language.load import Loaded

Spoil = Callable[..., list[str]]
TOKEN = "ghp_" + "a1B2" * 9


@pytest.mark.parametrize(
    ("secret", "found"),
    [
        ("{env: CHURN_HOOK}", []),
        ("{file: /run/secrets/hook}", []),
        ("{aws: churn/hook}", []),
        ("{vault: 'secret/data/churn#hook', description: The hook}", []),
        ("{}", ["MS102 {"]),
        ("null", ["MS102 null"]),
        ("{description: none}", ["MS102 {"]),
        ("CHURN_HOOK", ["MS103 CHURN_HOOK"]),
        ("{env: A, file: b}", ["MS109 file"]),
        ("{file: b, env: A}", ["MS109 env"]),
        ("{env: a b}", ["MS107 a b"]),
        ("{env: 7A}", ["MS107 7A"]),
        ("{env: ''}", ["MS104 ''"]),
        ("{env: [A]}", ["MS103 ["]),
        (f"{{env: {TOKEN}}}", [f"MS602 {TOKEN}"]),
        (f"{{aws: {TOKEN}}}", [f"MS602 {TOKEN}"]),
        ("{vault: 'https://me:pw@vault'}", ["MS602 'https://me:pw@vault'"]),
    ],
)
def test_a_secret(alter: Spoil, secret: str, found: list[str]) -> None:
    assert alter("hook: {env: CHURN_HOOK}", f"hook: {secret}") == found


@pytest.mark.parametrize(
    ("remote", "found"),
    [
        ("/mnt/shelf", []),
        ("../shelf", []),
        ("{url: 'gs://bucket/folder', endpoint: 'https://s3.example.org'}", []),
        ("{url: 'https://example.org/data'}", []),
        ("{url: 'sftp://example.org/data'}", ["MS105 'sftp://example.org/data'"]),
        ("{url: 'https://me:pw@example.org'}", ["MS602 'https://me:pw@example.org'"]),
        ("https://me:pw@example.org", ["MS602 https://me:pw@example.org"]),
        ("{default: false}", ["MS102 {"]),
        ("null", ["MS102 null"]),
        ("{url: /a, default: yes}", ["MS103 yes"]),
        ("{url: /a, credentials: {key: abc}}", ["MS602 abc"]),
        ("{url: /a, credentials: {key: secrets.hok}}", ["MS208 secrets.hok"]),
        ("{url: /a, default: true}", ["MS109 shelf"]),
        ("[/a]", ["MS103 ["]),
    ],
)
def test_a_remote(alter: Spoil, remote: str, found: list[str]) -> None:
    assert alter("shelf: /mnt/shelf", f"shelf: {remote}") == found


def test_as_decoded(altered: Callable[..., Loaded]) -> None:
    spec = altered().spec
    assert spec is not None
    stores = {name: (secret.store, secret.key) for name, secret in spec.secrets.items()}
    assert stores == {
        "hook": ("env", "CHURN_HOOK"),
        "lake_key": ("vault", "secret/data/churn#key"),
        "base": ("file", "/run/secrets/base"),
        "service": ("aws", "churn/service"),
    }
    lake = spec.remotes["lake"]
    assert (lake.url, lake.default, lake.region, lake.endpoint) == ("s3://acme/churn", True, "eu-central-1", "")
    assert {name: str(secret) for name, secret in lake.credentials.items()} == {"key": "secrets.lake_key"}


def test_two_defaults_are_told_with_the_first(altered: Callable[..., Loaded]) -> None:
    (found,) = altered("shelf: /mnt/shelf", "shelf: {url: /mnt/shelf, default: true}").diagnostics
    assert found.related[0].message == "`lake` stands here"
