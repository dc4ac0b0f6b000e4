"""Any file gets an answer: hostile ones within the limits, random and spoilt ones with every place inside the text."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelsync.cli.faces.text import render
from modelsync.core.diagnostics import Diagnostic
from modelsync.language.include import expand
from modelsync.language.text import read as reading
from modelsync.language.text.read import read
from modelsync.language.text.source import MAX_BYTES, Source, decode_bytes

PATH = Path("modelsync.yaml")
BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9)
)
MERGES = "a0: &a0 {k0: 1, k1: 1, k2: 1, k3: 1}\n" + "".join(
    f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 9)}]}}\n" for n in range(1, 9)
)
NESTED_BLOCKS = "".join(f"{' ' * n}k:\n" for n in range(250))
DEEP_ALIASES = "a0: &a0 [[[[[[[[x]]]]]]]]\n" + "".join(f"a{n}: &a{n} [[[[[[[[*a{n - 1}]]]]]]]]\n" for n in range(1, 20))
FULL = MAX_BYTES - 100  # as long as a spec may be


def full(piece: str, head: str = "", tail: str = "") -> str:
    return head + piece * ((FULL - len(head) - len(tail)) // len(piece)) + tail


HOSTILE = {  # name: text, codes of the findings
    "alias bomb": (BOMB, "MS002"),
    "merge bomb": (MERGES, "MS002"),
    "list holding itself": ("&a [*a]", "MS008"),
    "mapping merged into itself": ("&a {<<: *a}", "MS008"),
    "nested block maps": (NESTED_BLOCKS, "MS002"),
    "depth through aliases": (DEEP_ALIASES, "MS002"),
    "many aliases": ("a: &a 1\nb: [" + "*a," * 101 + "]", "MS002"),
    "many merges": ("a: &a {" + "".join(f"k{n}: 1," for n in range(600)) + "}\n" + "- {<<: *a}\n" * 99, "MS001"),
    "open brackets": (full("["), "MS002"),
    "open braces": (full("{a: "), "MS002"),
    "closing brackets": (full("]"), "MS001"),
    "brackets in one line": (full("[],", "a: [", "]"), "MS002"),
    "pairs in one line": (full("{a: 1},", "a: [", "]"), "MS002"),
    "100,000 keys": ("".join(f"key_{n}: value\n" for n in range(100_000)), "MS002"),
    "keys": ("".join(f"k{n}: 1\n" for n in range(22_000)), "MS002"),
    "keys twice": (full("a: 1\n"), "MS006 MS002"),
    "wrong tags": (full("- !x 1\n"), "MS005 MS002"),
    "wrong numbers": (full("- !!int a\n"), "MS005 MS002"),
    "right tags": (full("- !!str a\n"), "MS002"),
    "anchors": (full("- &a 1\n"), "MS002"),
    "a value of 16 MB": ("a: " + "x" * 16_000_000, "MS002"),
    "one value": (full("x", "a: "), "MS002"),
    "one value of words": (full("x ", "a: "), "MS002"),
    "one value of lines": (full("x\n ", "a: "), "MS002"),
    "one quoted value of lines": (full("x\n ", 'a: "', '"'), "MS002"),
    "one text below": (full("x\n  ", "a: |\n  "), "MS002"),
    "one text of blank lines": (full("\n", "a: |\n  x"), ""),
    "escapes": (full("\\n", 'a: "', '"'), "MS002"),
    "an open quote": (full("x ", 'a: "'), "MS001"),
    "open quotes": (full("a: 'b\n"), "MS001"),
    "a long key": ("k" * 300 + ": 1", "MS002"),
    "a tag of 1 MB": ("a: !" + "t" * 1_000_000 + " 1", "MS002"),
    "a long tag": (full("t", "a: !", " 1"), "MS005"),
    "a long tag of escapes": (full("%41", "a: !", " 1"), "MS005"),
    "a long anchor": (full("t", "a: *"), "MS008"),
    "a base-60 number of 1 MB": ("%YAML 1.1\n---\na: " + "1:" * 500_000 + "1", "MS002"),
    "a base-60 number": (full("1:", "%YAML 1.1\n---\na: ", "1"), "MS004"),
    "digits": ("a: " + "9" * 60_000, ""),
    "hexadecimal digits": ("a: 0x" + "f" * 60_000, ""),
    "comments": (full("# x\n"), "MS009"),
    "empty lines": (full("\n"), "MS009"),
    "spaces": (full(" "), "MS009"),
    "tabs": (full("\t"), "MS001"),
    "question marks": (full("? "), "MS002"),
    "dashes": (full("- "), "MS002"),
    "lines of dashes": (full("-\n"), "MS002"),
    "colons": (full(": "), "MS002"),
    "documents": (full("---\n"), "MS004"),
    "directives": ("a: 1\n...\n" + full("%x\n"), "MS001"),
    "a key of 1,024 letters": (full("k" * 1020 + " "), "MS002"),
    "an escape beyond Unicode": ('a: "\\U00110000"', "MS001"),
    "half of a character": ('a: "\\ud800"', "MS003"),
    "an escape of NUL": ('a: "\\0"', "MS003"),
    "an escape for the terminal": ('a: "\\e[2J"', "MS003"),
    "a Python object": ("a: !!python/object/apply:os.system [ls]", "MS005"),
    "a slip at the end": ("".join(f"k{n}:\n  a: 1\n" for n in range(4_500)) + "z:\n  a: 1\n   b: 2\n  c: 3\n", "MS001"),
}


@pytest.mark.parametrize(("text", "codes"), HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_input_has_an_answer(text: str, codes: str) -> None:
    started = time.process_time()
    found = answer(text.encode("utf-8", errors="surrogatepass"))
    assert " ".join(dict.fromkeys(each.code for each in found)) == codes
    assert len(found) <= reading.MAX_FAULTS + 1
    assert all(each.at.line <= len(text.splitlines()) + 1 and len(each.message) < 400 for each in found)
    assert time.process_time() - started < 20  # not a speed test: without the limits these take minutes or for ever


def answer(data: bytes) -> tuple[Diagnostic, ...]:
    """All that the reader says about the bytes of a file."""
    source = decode_bytes(PATH, data)
    return (source,) if isinstance(source, Diagnostic) else _answer(source)


# -- any bytes: an answer with places, never an exception -------------------------------------------------------------

CORPUS = [path.read_bytes() for path in sorted((Path(__file__).parents[2] / "specs").rglob("*.yaml"))]
SIGNS = [
    *"ab: -[]{}&*!|>'\"%#,?\n\t\r@`~.0",
    "<<",
    "---",
    "...",
    "\\",
    "*a",
    "&a ",
    "- ",
    ": ",
    "\n  ",
    "a: ",
    "a:b",
    "include: ",
]


@given(st.binary(max_size=80))
def test_any_bytes_have_an_answer(data: bytes) -> None:
    assert complaint(data) == ""


@given(st.text(max_size=80))
def test_any_text_has_an_answer(text: str) -> None:
    assert complaint(text.encode("utf-8", errors="surrogatepass")) == ""


@given(st.lists(st.sampled_from(SIGNS), max_size=40))
def test_any_text_of_the_signs_of_yaml_has_an_answer(parts: list[str]) -> None:
    assert complaint("".join(parts).encode()) == ""


@given(st.sampled_from(CORPUS), st.lists(st.tuples(st.floats(0, 1), st.sampled_from("+-="), st.binary(max_size=2))))
def test_any_spoilt_spec_has_an_answer(data: bytes, edits: list[tuple[float, str, bytes]]) -> None:
    for share, how, put in edits:
        at = int(share * len(data))
        data = data[:at] + (b"" if how == "-" else put) + data[at + (how != "+") :]
    assert complaint(data) == ""


def complaint(data: bytes) -> str:
    """What is wrong with the answer to a file: a place outside of the text, a raw control character; or nothing."""
    findings = answer(data)
    lines = re.split(r"\r\n|\r|\n", data.decode("utf-8-sig", errors="replace"))
    for found in findings:
        places = [found.at, *(other.at for other in found.related), *([found.fix.at] if found.fix else [])]
        for at in places:
            if at.file == PATH and not (1 <= at.line <= len(lines) and 1 <= at.col <= len(lines[at.line - 1]) + 1):
                return f"{at} is outside of the text: {found.message}"
            if (at.end_line, at.end_col) < (at.line, at.col) or at.end_line > len(lines) + 1:
                return f"{at} ends at {at.end_line}:{at.end_col}: {found.message}"
        if not found.message:
            return f"{found.at} has no message"
    shown = render(findings, {PATH: data.decode("utf-8-sig", errors="replace")}, colour=False)
    raw = next((each for each in shown if not each.isprintable() and each != "\n"), "")
    return f"a raw {raw!r} is shown" if raw else ""


def _answer(source: Source) -> tuple[Diagnostic, ...]:
    found = read(source)
    assert found.root is not None or found.diagnostics
    if found.root is None:
        return found.diagnostics
    return (*found.diagnostics, *expand(source, found.root, found.size).diagnostics)
