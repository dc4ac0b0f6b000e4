"""No secret stands in a spec."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from modelsync.language.load import Loaded

Spoil = Callable[..., list[str]]
TOKEN = "ghp_" + "a1B2" * 9


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (["description: Who leaves", f"description: {TOKEN}"], [f"MS603 {TOKEN}"]),
        (["description: Who leaves", f"description: the key is {TOKEN}"], [f"MS603 the key is {TOKEN}"]),
        (["metric: roc_auc, mode: max", f"metric: roc_auc, mode: max, x: [{{y: {TOKEN}}}]"], [f"MS603 {TOKEN}"]),
        (
            ["{type: enum, values: [gbm, logistic], default: gbm}", f"{{type: string, default: {TOKEN}}}"],
            [f"MS603 {TOKEN}"],
        ),
        (['--days, "1"', f"--key, {TOKEN}"], [f"MS603 {TOKEN}"]),
        (["MODE: fast", "DB_PASSWORD: hunter2"], ["MS603 hunter2"]),
        (["MODE: fast", "DB_PASSWORD: 7"], ["MS603 7"]),
        (["MODE: fast", "DB_PASSWORD: secrets.hook"], []),
        (["MODE: fast", "TOKEN_LIMIT: 512"], []),
        (["MODE: fast", "PASSWORD_FILE: /run/secrets/x"], []),
        (["MODE: fast", "GOOGLE_APPLICATION_CREDENTIALS: key.json"], []),
        (["MODE: fast", f"MODE: {TOKEN}"], [f"MS602 {TOKEN}"]),
        (["source: data/customers.csv", "source: 'https://me:pw@host/a.csv'"], ["MS602 'https://me:pw@host/a.csv'"]),
        (["sql: select * from orders", f"sql: select '{TOKEN}'"], [f"MS603 select '{TOKEN}'"]),
    ],
)
def test_the_whole_spec_altered(alter: Spoil, changes: list[str], found: list[str]) -> None:
    assert [each for each in alter(*changes) if not each.startswith(("MS207", "MS403"))] == found


def test_a_secret_under_a_key_that_does_not_exist_is_seen_too(alter: Spoil) -> None:
    assert alter("description: Who leaves", f"descriptor: {{of: {TOKEN}}}") in (
        ["MS101 descriptor", f"MS603 {TOKEN}"],
        ["MS101 descriptor", "MS103 {", f"MS603 {TOKEN}"],
        ["MS101 descriptor", f"MS603 {TOKEN}", "MS103 {"],
    )


@pytest.mark.parametrize(
    "text",
    [
        "risk-model-features-2024-01-with-all-customers.csv",
        "task-some-long-name-with-dashes-and-2024-in-it",
        "risk_test_customersegmentation2024",
        "d41d8cd98f00b204e9800998ecf8427e",
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "550e8400-e29b-41d4-a716-446655440000",
        "https://example.org:8080/a/b?c=d@e",
        "https://user@example.org/path",
        "s3://bucket/folder/a:b@c",
        "ratio 1://2:3 at @home",
        "pypi-download-statistics-by-country-and-version",
        "the_average_number_of_days_between_two_orders_of_the_same_customer_in_the_last_twelve_months",
        "ana@example.org",
    ],
)
def test_ordinary_text_is_no_secret(alter: Spoil, text: str) -> None:
    assert alter("description: Who leaves", f"description: '{text}'") == []


def test_a_secret_is_told_once_and_not_shown(altered: Callable[..., Loaded]) -> None:
    for secret in (TOKEN, "postgres://user:hunter2@db/prod"):
        (found,) = altered("hook: {env: CHURN_HOOK}", f"hook: {secret}").diagnostics
        assert found.code == "MS603"
        assert secret not in found.message + found.help
