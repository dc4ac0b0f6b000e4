"""What looks like a secret: told by its name, by the marks of well-known tokens, or by a password inside an address."""

from __future__ import annotations

import re

_NAMES = re.compile(
    r"(^|_)(password|passwd|pwd|secret|token|api_?key|access_?key|private_?key|credentials?)(_|$)", re.IGNORECASE
)
# The published prefixes of tokens: AWS, GitHub, GitLab, Slack, Stripe, Google, npm, PyPI, OpenAI, JSON web tokens, PEM.
_TOKENS = re.compile(
    r"AKIA[0-9A-Z]{16}|ASIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{30,}|glpat-[A-Za-z0-9_-]{16,}"
    r"|xox[abprs]-[A-Za-z0-9-]{10,}|[sr]k_(live|test)_[A-Za-z0-9]{16,}|AIza[A-Za-z0-9_-]{30,}|npm_[A-Za-z0-9]{30,}"
    r"|pypi-[A-Za-z0-9_-]{30,}|sk-[A-Za-z0-9_-]{20,}|eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----"
)
_PASSWORD_IN_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^/\s:@]*:[^/\s@]+@")


def names_a_secret(name: str) -> bool:
    """Whether a variable or key is called as secrets are: `DB_PASSWORD`, `api_key`, `HF_TOKEN`."""
    return _NAMES.search(name) is not None


def looks_secret(text: str) -> bool:
    """Whether a text is a token of a known form, a private key, or an address with a password in it."""
    return _TOKENS.search(text) is not None or _PASSWORD_IN_ADDRESS.search(text) is not None
