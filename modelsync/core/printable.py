"""Text from elsewhere made safe to print."""

from __future__ import annotations


def printable(text: str) -> str:
    """The text on one line, where no sign can move a cursor or colour a terminal: such signs become `?`."""
    return "".join(sign if sign.isprintable() else "?" for sign in text)
