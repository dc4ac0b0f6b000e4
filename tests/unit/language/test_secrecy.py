"""What looks like a secret, and what only looks long."""

from __future__ import annotations

import time

import pytest

from modelsync.language.secrecy import looks_secret, masked, names_a_secret

LETTERS = "aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zA"  # no real token: letters and digits in turn


@pytest.mark.parametrize(
    "text",
    [
        "AKIA" + "Q7" * 8,
        "ASIA" + "Q7" * 8,
        "ghp_" + LETTERS,
        "ghs_" + LETTERS,
        "github_pat_" + LETTERS,
        "glpat-" + LETTERS[:20],
        "xoxb-123456789012-" + LETTERS[:16],
        "xoxp-123-456-" + LETTERS[:16],
        "sk_live_" + LETTERS[:24],
        "rk_test_" + LETTERS[:24],
        "AIza" + LETTERS + "abc",
        "npm_" + LETTERS + "abcd",
        "pypi-AgE" + LETTERS * 2,
        "sk-" + LETTERS,
        "sk-proj-" + LETTERS * 2,
        "sk-ant-api03-" + LETTERS * 2,
        "hf_" + LETTERS,
        "dapi" + "0123456789abcdef" * 2,
        "SG." + LETTERS[:22] + "." + LETTERS,
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0." + LETTERS,
        "-----BEGIN PRIVATE KEY-----",
        "-----BEGIN RSA PRIVATE KEY-----\nMII",
        "-----BEGIN OPENSSH PRIVATE KEY-----",
        "https://hooks.slack.com/services/T0AB12CD3/B0AB12CD3/" + LETTERS[:24],
        "postgres://me:secret@host/db",
        "https://me:p%40ss@example.org",
        "redis://:secret@host",
        "see postgres://me:secret@host/db for the rest",
        "key=ghp_" + LETTERS,
    ],
)
def test_a_secret(text: str) -> None:
    assert looks_secret(text)
    assert looks_secret(f"'{text}' and more")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "risk-model-features-2024-01-with-all-customers.csv",
        "disk-usage-per-customer-and-day-2024.parquet",
        "sk-learn-pipeline-with-many-features",
        "sklearn-internationalization-of-names",
        "risk_test_customersegmentation2024",
        "task_live_predictionsofthemodel01",
        "pypi-download-statistics-by-country-and-version",
        "npm_packages",
        "d41d8cd98f00b204e9800998ecf8427e",
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "550e8400-e29b-41d4-a716-446655440000",
        "https://example.org:8080/a/b?c=d@e",
        "https://user@example.org/path",
        "https://example.org/a:b@c",
        "s3://bucket/folder/a:b@c",
        "ana@example.org",
        "1://2:3 at @home",
        "the_average_number_of_days_between_two_orders_of_the_same_customer_in_the_last_twelve_months",
        "AKIAlooksalikebutisnone",
        "eyJustAName.eyJustAnother",
        "-----BEGIN CERTIFICATE-----",
        "postgres://host/db",
    ],
)
def test_ordinary_text(text: str) -> None:
    assert not looks_secret(text)


@pytest.mark.parametrize(
    "name",
    [
        "DB_PASSWORD",
        "password",
        "API_KEY",
        "apikey",
        "HF_TOKEN",
        "token",
        "AWS_SECRET_ACCESS_KEY",
        "SECRET",
        "SECRET_KEY",
        "PRIVATE_KEY",
        "MY_CREDENTIALS",
        "db_pwd",
        "TOKEN_GITHUB",
    ],
)
def test_a_name_of_a_secret(name: str) -> None:
    assert names_a_secret(name)


@pytest.mark.parametrize(
    "name",
    [
        "TOKENIZER",
        "MAX_TOKENS",
        "TOKEN_LIMIT",
        "PASSWORD_FILE",
        "SECRET_NAME",
        "API_KEY_ID",
        "SECRETARY",
        "KEY",
        "ACCESS",
        "GOOGLE_APPLICATION_CREDENTIALS",
        "AWS_SHARED_CREDENTIALS_FILE",
        "MODE",
        "TOKEN_TTL",
        "",
    ],
)
def test_a_name_of_something_else(name: str) -> None:
    assert not names_a_secret(name)


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "eyJ",
        "eyJ-",
        "eyJaaaaaaaa.",
        "://",
        "://a:",
        "://:",
        "sk-",
        "sk-a",
        "sk-a-",
        "-----BEGIN ",
        "SG.",
        "xoxb-1-",
        "AIza",
        "a:",
    ],
)
def test_no_text_takes_long(piece: str) -> None:
    start = time.perf_counter()
    looks_secret(piece * (65_536 // len(piece)))
    assert time.perf_counter() - start < 0.5


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"a: ghp_{'a' * 36}, b", f"a: {'*' * 40}, b"),
        ("url: 'https://me:pw@host/a.csv'", "url: 'https://me:**@host/a.csv'"),
        (f"sk-{'a1' * 20} and AKIAABCDEFGHIJKLMNOP", f"{'*' * 43} and {'*' * 20}"),
        ("https://h/p.csv?a=1&X-Amz-Signature=ab12&b=2", "https://h/p.csv?a=1&X-Amz-Signature=****&b=2"),
        ("risk-model", "risk-model"),
    ],
)
def test_what_is_shown_of_it(text: str, shown: str) -> None:
    assert masked(text) == shown
