"""What is YAML and yet nobody means: a key without its colon, a quote or a bracket that closes nothing."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

from modelsync.core.diagnostics import Diagnostic, Fix, Pos
from modelsync.language.text.nodes import Item, Scalar
from modelsync.language.text.source import Source

NO_SPACE = re.compile(  # `limit:2`, but neither `a::b` nor `s3://x` nor `12:30`
    r"""("[^"]+"|'[^']+'|<<|\d[\w.-]*(?=:[^\W\d])|[^\W\d][\w.-]*):(?=[^\s:/])"""
)
NO_COLON = re.compile(r"""("[^"]+"|'[^']+'|<<|\w[\w.-]*)(?:\s+(\S.*))?$""")  # `limit 2`, `limit`
NO_GAP = re.compile(r"-(?=[A-Za-z\"'{\[])")  # `-limit`
_ONE_NAME = re.compile(r"[\w.-]{1,64}")
_NOT = re.compile(r"\bwhen:\s+(!)\s*(?=[A-Za-z_(])")
_VERDICT = re.compile(r"gate\(\w+\)")
_VARIABLE = re.compile(r"(?<![\$\"'])\$\{([A-Za-z_]\w*)\}")
_KEY_AGAIN = re.compile(r"\w*:")
_OPENERS = {"]": "[", "}": "{"}


def colon_slip(written: Scalar) -> tuple[str, Fix] | None:
    """The way out, and the mend, when a plain text was to be a key with a value: `limit:2`, `limit 2`."""
    if written.quoted or written.at.line != written.at.end_line:
        return None
    if found := NO_SPACE.match(written.text):
        mended = f"{found[1]}: {written.text[found.end() :]}"
        return f"put a space after the colon: `{mended[:60]}`", Fix(written.at, mended)
    if (found := NO_COLON.match(written.text)) and found[2] and is_one_value(found[2]):
        mended = f"{found[1]}: {found[2]}"
        return f"put a colon after the key: `{mended[:60]}`", Fix(written.at, mended)
    return None


def foreign_sign(source: Source, row: int) -> Diagnostic | None:
    """The fault of a sign on a line (from 0) that other languages read and YAML takes for one of its own."""
    text = source.lines[row] if row < len(source.lines) else ""
    if found := _NOT.search(text):
        at = source.at(row + 1, found.start(1) + 1, found.end() - found.start(1))
        verdict = _VERDICT.match(text, found.end())  # it is no truth value
        help, fix = (f'write `{verdict[0]} != "pass"`', None) if verdict else ("write `not ...`", Fix(at, "not "))
        return Diagnostic("MS005", at, "`!` begins a tag in YAML, and negates nothing", help, fix=fix)
    if "{" in text[: text.find("${")] and (found := _VARIABLE.search(text)):
        name = found[1].lower()
        param, variable = f'"${{{{ params.{name} }}}}"', f'"${{{{ env.{found[1]} }}}}"'
        help = f"in quotes, write `{param}` for a param, `{variable}` for a variable"
        at = source.at(row + 1, found.start() + 1, len(found.group()))
        return _fault(at, f"`{found.group()[:40]}` puts nothing in here", help)
    return None


def is_one_value(text: str) -> bool:
    """Whether all of a text must be the value: in `customer id int` it is not clear which words are the key."""
    return text[0] in "\"'[{&*!" or not (" " in text or _KEY_AGAIN.match(text))


def key_alone(key: Scalar, before: Item | None = None) -> Diagnostic:
    """The fault of a key inside braces that has no value: `{limit:2}`, `{limit 2}`, `{limit}`.

    `before` is the pair in front of it, which may be the list that it belongs to: `{gates: quality, drift}`.
    """
    found = colon_slip(key)
    help, fix = ("write `key: value`", None) if found is None else found
    value = before.value if before is not None else None
    if found is None and before is not None and isinstance(value, Scalar) and _is_name(value) and _is_name(key):
        help = f"to give `{before.key.text}` a list write `[{value.text}, {key.text}]`"
    return _fault(key.at, f"`{key.text[:40]}` is a key without a value", help, fix)


def _is_name(node: Scalar) -> bool:
    return isinstance(node.value, str) and not node.quoted and _ONE_NAME.fullmatch(node.text) is not None


def odd_key(key: Scalar, following: str) -> Diagnostic | None:
    """The fault of a plain key that must be a slip; `following` is the character after it."""
    text, at = key.text, key.at
    if hidden := _invisible(key, text):
        return hidden
    if text[-1] == ":" and following in ("[", "{", '"', "'"):
        return _fault(at, "there is no space after this colon", f"write `{text} ...`", Fix(at, f"{text} "))
    if text[-1] == ":":
        mended = text.rstrip(":")
        return _fault(at, f"a colon too many after `{mended[:40]}`", "remove one", Fix(at, mended))
    if NO_GAP.match(text):
        dash = replace(at, end_line=at.line, end_col=at.col + 1)
        return _fault(dash, "there is no space after this dash", "write `- ...`", Fix(dash, "- "))
    is_open = any(text.count(opener) > text.count(closer) for closer, opener in _OPENERS.items())
    if not is_open:
        return None
    if found := NO_SPACE.match(text):  # `limit:{max: 2}` has the key `limit:{max`
        begun = replace(at, end_line=at.line, end_col=at.col + found.end())
        return _fault(
            begun, "there is no space after this colon", f"write `{found[1]}: ...`", Fix(begun, f"{found[1]}: ")
        )
    if (found := NO_COLON.match(text)) and found[2]:
        begun = replace(at, end_line=at.line, end_col=at.col + len(found[1]))
        message = f"a `:` is missing after `{found[1]}`"
        return _fault(begun, message, f"write `{found[1]}: ...`", Fix(begun, f"{found[1]}:"))
    return None


def _invisible(node: Scalar, searched: str) -> Diagnostic | None:
    """The fault of a character that looks like a space or like nothing, and is neither to YAML."""
    if searched.isascii():
        return None
    hidden = next((each for each in searched if unicodedata.category(each) in ("Zs", "Cf") and each != " "), "")
    if not hidden:
        return None
    name = unicodedata.name(hidden, "no name").lower()
    message = f"U+{ord(hidden):04X} ({name}) can't be seen, and YAML takes it for a letter"
    return Diagnostic("MS003", node.at, message, "write an ordinary space, or none")


def odd_root(node: Scalar) -> Diagnostic | None:
    """The fault of a text that is one line `name:demo`."""
    found = colon_slip(node)
    return None if found is None else _fault(node.at, "a spec is a mapping, and this is one text", *found)


def odd_text(node: Scalar) -> Diagnostic | None:
    """The fault of a plain text that ends with a bracket or quote which it does not open."""
    text, last = node.text, node.text[-1]
    if found := _invisible(node, text[0] + last):
        return found
    is_one = text.count(last) == 1
    if last in _OPENERS and text.count(last) > text.count(opener := _OPENERS[last]):
        help = f"open it with `{opener}`, or quote the text"
        return _never_opened(node, help, f"{opener}{text}" if last == "]" and is_one else "")
    if text.count(last) % 2 and (last == '"' or (last == "'" and not re.search(r"\s", text))):
        return _never_opened(node, "open the quote where the text begins", f"{last}{text}" if is_one else "")
    return None


def _never_opened(node: Scalar, help: str, mended: str) -> Diagnostic:
    at = node.at
    end = Pos(at.file, at.end_line, max(at.end_col - 1, 1), at.end_line, at.end_col)
    fix = Fix(at, mended) if mended and at.line == at.end_line else None
    return _fault(end, f"this `{node.text[-1]}` closes nothing that is open", help, fix)


def _fault(at: Pos, message: str, help: str, fix: Fix | None = None) -> Diagnostic:
    return Diagnostic("MS001", at, message, help, fix=fix)
