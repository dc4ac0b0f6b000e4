"""What looks like a secret: told by its name, by the marks of well-known tokens, or by a password inside an address."""

from __future__ import annotations

import re

_WORDS = r"password|passwd|pwd|secret|token|api_?key|access_?key|private_?key|credentials?"
_NAMES = re.compile(rf"(?:^|_)(?:{_WORDS})(?:_|$)", re.IGNORECASE)
# What is said about a secret is none: where it lies, how it is called, how long it may be or lives.
_ABOUT = re.compile(
    r"_(?:file|path|dir|folder|name|id|url|uri|host|type|kind|limit|count|length|size|ttl|expiry|expires|enabled)$",
    re.IGNORECASE,
)
_NO_SECRETS = frozenset({"GOOGLE_APPLICATION_CREDENTIALS"})  # by definition the path of a file
# The published forms of tokens: AWS, GitHub, GitLab, Slack, Stripe, Google, npm, PyPI, OpenAI and others with `sk-`,
# Hugging Face, Databricks, SendGrid, JSON web tokens, PEM, hooks. Each begins where a word does: `risk-model` is none.
_TOKENS = re.compile(
    r"(?<![A-Za-z0-9])(?:(?:AKIA|ASIA)[0-9A-Z]{16}(?![A-Za-z0-9])|gh[pousr]_[A-Za-z0-9]{30}|github_pat_[A-Za-z0-9_]{30}"
    r"|glpat-[A-Za-z0-9_-]{16}|xox[abeoprs]-(?:[0-9]+-)*[A-Za-z0-9]{10}|[sr]k_(?:live|test)_[A-Za-z0-9]{16}"
    r"|AIza[A-Za-z0-9_-]{30}|npm_[A-Za-z0-9]{30}|pypi-AgE[A-Za-z0-9_-]{30}"
    r"|sk-(?:[a-z0-9]{2,12}-){0,2}(?=[A-Za-z]{0,30}[0-9])[A-Za-z0-9]{20}|hf_[A-Za-z0-9]{30}|dapi[0-9a-f]{32}"
    r"|SG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{16}|eyJ[A-Za-z0-9_-]{8,512}\.eyJ[A-Za-z0-9_-]{8,4096}\.)"
    r"|-----BEGIN [A-Z ]{0,32}PRIVATE KEY-----"
    r"|hooks\.slack\.com/services/T[A-Z0-9]{6,20}/B[A-Z0-9]{6,20}/[A-Za-z0-9]{8}"
)
_PASSWORD_IN_ADDRESS = re.compile(r"://[^/\s:@]{0,256}:([^/\s@]{1,256})@")
_SIGNED = re.compile(r"[?&](?:x-amz-signature|x-goog-signature|sig|access_token)=([^&\s\"'`]+)", re.IGNORECASE)
_REST = re.compile(r"[^\s\"'`,}\]]*")


def names_a_secret(name: str) -> bool:
    """Whether a variable or key is called as secrets are: `DB_PASSWORD`, `api_key`, `HF_TOKEN`, not `TOKEN_LIMIT`."""
    return _NAMES.search(name) is not None and _ABOUT.search(name) is None and name not in _NO_SECRETS


def looks_secret(text: str) -> bool:
    """Whether a text is a token of a known form, a private key, or an address with a password or a signature in it."""
    return any(found.search(text) is not None for found in (_TOKENS, _PASSWORD_IN_ADDRESS, _SIGNED))


def masked(text: str) -> str:
    """The text with stars over each token and over the password in an address, sign for sign."""
    spans = [found.span(1) for form in (_PASSWORD_IN_ADDRESS, _SIGNED) for found in form.finditer(text)]
    spans += [(found.start(), _REST.match(text, found.end()).end()) for found in _TOKENS.finditer(text)]  # type: ignore[union-attr]  # it always matches
    for start, end in spans:
        text = text[:start] + "*" * (end - start) + text[end:]
    return text
