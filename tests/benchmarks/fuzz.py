"""Coverage-guided fuzzing of the reader: any bytes must give an answer with places inside the text.

    uv pip install atheris
    uv run python tests/benchmarks/fuzz.py [folder for what is found] [options of libFuzzer]

Such options are -max_total_time=600 and -only_ascii=1. It begins with every spec under specs/. What fails is written to
the folder (default: a temporary one, named at the start) and can be given again as the only argument to see the
traceback.
"""

from __future__ import annotations

import os
import runpy
import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
SIGNS = [
    "- ",
    ": ",
    ": |\n",
    ": >-\n",
    "\n  ",
    "&a ",
    "*a",
    "<<: *a",
    "!!str ",
    "{a: b}",
    "[a, b]",
    "---\n",
    " #",
    "''",
]
LONGEST = 4096  # bytes of an input: most slips need few, and short ones are tried more often

try:
    import atheris  # type: ignore[import-untyped]  # no dependency: it has wheels for some Pythons only
except ImportError:
    sys.exit("this needs atheris: `uv pip install atheris` (it has wheels for Linux, Python 3.11 and later)")

sys.path.insert(0, str(ROOT))
with atheris.instrument_imports(include=["modelsync.language", "ruamel.yaml"]):
    COMPLAINT = runpy.run_path(str(ROOT / "tests/conformance/test_any_file.py"))["complaint"]


def one(data: bytes) -> None:
    """Read one input."""
    if complaint := COMPLAINT(data):
        raise AssertionError(complaint)


def main(arguments: list[str]) -> None:
    """Run until an input fails or the time is over."""
    if len(arguments) == 1 and Path(arguments[0]).is_file():
        one(Path(arguments[0]).read_bytes())
        return
    own = [each for each in arguments if not each.startswith("-")]
    found = Path(own[0] if own else tempfile.mkdtemp(prefix="fuzz-")).absolute()
    corpus = found / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for number, path in enumerate(sorted((ROOT / "specs").rglob("*.yaml"))):
        shutil.copy(path, corpus / f"{number}-{path.name}")
    project = Path(tempfile.mkdtemp(prefix="fuzz-project-"))  # what `include` finds
    for name, text in {"a.yaml": "a: 1\n", "b.yaml": "include: a.yaml\n", "c.yaml": "include: c.yaml\n"}.items():
        (project / name).write_text(text)
    os.chdir(project)
    signs = project / "signs"
    signs.write_text("".join(f'"{sign}"\n'.replace("\n", "\\x0a", sign.count("\n")) for sign in SIGNS))
    options = [each for each in arguments if each.startswith("-")]
    print(f"inputs and failures: {found}", flush=True)
    atheris.Setup(
        [sys.argv[0], f"-max_len={LONGEST}", f"-artifact_prefix={found}/", f"-dict={signs}", *options, str(corpus)], one
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1:])
