"""What an editor makes of the JSON Schema: a session with yaml-language-server, the one behind VS Code and most others.

    npm install --prefix /tmp/yaml yaml-language-server     # needs Node.js
    uv run python tests/benchmarks/yaml_language_server.py /tmp/yaml/node_modules/yaml-language-server

It opens specs that name `specs/schema.json` in their first line, asks for completions, hovers and findings as an editor
would, shows the answers, compares them with what a person wants, and times them. It ends with 1 when one is missing.
"""

from __future__ import annotations

import itertools
import json
import queue
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT / "specs/schema.json"
PATIENCE = 20.0  # seconds for one answer
CURSOR = "|"
SPEC = "modelsync: 1\nproject: churn\n"
STEP = (
    SPEC
    + "pipelines:\n  train:\n    steps:\n      fit:\n        run: flows/churn.py:fit\n        outputs: {model: model}\n"
)
GATE = SPEC + "gates:\n  good:\n"

# (what is typed, what must be offered, what must not)
COMPLETIONS: tuple[tuple[str, set[str], set[str]], ...] = (
    (SPEC + CURSOR, {"datasets", "pipelines", "gates", "engine"}, {"modelsync", "project"}),
    (SPEC + "params: |", set(), {"null", "property"}),
    (SPEC + "engine:\n  |", {"runner", "concurrency"}, {"null"}),
    (SPEC + "datasets:\n  customers:\n    |", {"source", "contract", "Dataset"}, {"null"}),
    (
        SPEC + "datasets:\n  a:\n    source: x.csv\n    contract:\n      columns:\n        age: |",
        {"int", "category"},
        {"null"},
    ),
    (
        SPEC + "datasets:\n  a:\n    source: x.csv\n    contract:\n      columns:\n        age: {type: int, m|}\n",
        {"min", "max"},
        {"type"},
    ),
    (STEP + "        |", {"inputs", "with", "retries", "timeout"}, {"run", "outputs", "null"}),
    (STEP + "        isolate: |", {"thread", "process"}, {"null", "true"}),
    (STEP + "        retries: |", set(), {"null", "0"}),
    (STEP + "        retries:\n          |", {"limit", "delay", "backoff"}, {"null"}),
    (STEP + "        retries: {limit: 2, on: [|]}\n", {"error", "timeout"}, {"- (array item) undefined"}),
    (STEP.replace("run: flows/churn.py:fit", "uses: |"), {"builtin/split", "builtin/select"}, set()),
    (
        STEP.replace("run: flows/churn.py:fit", "uses: builtin/split") + "        with:\n          |",
        {"test_size", "seed"},
        {"data"},
    ),
    (STEP + "        inputs:\n          train: |", {"datasets.name", "steps.step.output"}, {"null"}),
    (GATE + "    |", {"kind"}, {"checks", "reference", "slices"}),
    (GATE + "    kind: |", {"quality", "drift", "performance", "stability", "fairness", "custom"}, {"null"}),
    (GATE + "    kind: drift\n    |", {"target", "reference", "checks", "Drift gate"}, {"slices", "uses", "kind"}),
    (GATE + "    kind: drift\n    checks:\n      - |", {"test", "max", "columns"}, {"metric", "kind"}),
    (GATE + "    kind: drift\n    checks:\n      - test: |", {"psi", "ks", "wasserstein"}, {"null"}),
    (GATE + "    kind: performance\n    checks:\n      - metric: |", {"roc_auc", "rmse"}, {"null"}),
    (
        GATE + "    kind: quality\n    checks:\n      - |",
        {"expect_column_values_to_not_be_null", "suite"},
        {"test", "metric"},
    ),
    (
        GATE + "    kind: quality\n    checks:\n      - expect_column_values_to_not_be_null:\n          |",
        {"column", "mostly"},
        {"value_set", "min_value"},
    ),
    (SPEC + "deploy:\n  live:\n    strategy: |", {"canary", "blue_green", "rolling"}, {"null"}),
    (
        SPEC + "deploy:\n  live:\n    target:\n      kind: kubernetes\n      |",
        {"namespace", "replicas"},
        {"url", "kind"},
    ),
    (SPEC + "notify:\n  chat:\n    events:\n      - |", {"gate.failed", "approval.asked"}, {"null"}),
)
# (what the mouse is on, what must be said)
HOVERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (SPEC + "data|sets: {}\n", ("Where rows come from",)),
    (SPEC + "datasets:\n  cust|omers: {source: x.csv}\n", ("Dataset", "Rows, where they come from")),
    (SPEC + "datasets:\n  a: {source: x.csv, fresh|ness: 36h}\n", ("How old its content may be.",)),
    (STEP + "        retr|ies: 2\n", ("How stubbornly", "Default: `0`")),
    (
        STEP + "        isol|ate: process\n",
        ("Where it runs.", "Default: `thread`", "* `process`: In a process of its own"),
    ),
    (STEP + "        isol|ate: ${{ params.x }}\n", ("Where it runs.",)),
    (STEP + "        time|out: 40m\n", ("When it is stopped", "It is a duration")),
    (GATE + "    ki|nd: drift\n", ("What it looks at.", "* `drift`: Whether a table still looks like")),
    (GATE + "    kind: drift\n    checks:\n      - {te|st: psi, max: 0.2}\n", ("* `psi`: Population stability index",)),
    (
        GATE + "    kind: quality\n    checks:\n      - expect_column_values_to_be_|null: {column: a}\n",
        ("Expect column values to be null.", "Needs `column`.", "greatexpectations.io"),
    ),
    (SPEC + "deploy:\n  live:\n    strat|egy: canary\n", ("#### Deploy\n", "* `canary`: Give the new version more")),
)
# (what is written, what must be said about it; nothing for what is right)
FINDINGS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (STEP, ()),
    (SPEC + "datsets: {}\n", ("Property datsets is not allowed.",)),
    (SPEC + "datasets:\n  a: {source: x.csv, freshnes: 36h}\n", ("Property freshnes is not allowed.",)),
    (SPEC + "datasets:\n  a: {source: x.csv, freshness: 36h, tags: one}\n", ()),
    (SPEC + "datasets:\n  a: {source: x.csv, freshness: 36}\n", ("Write a number with a unit",)),
    (SPEC + "datasets:\n  a: {source: x.csv, contract: {columns: {age: itn}}}\n", ('Valid values: "string", "int"',)),
    (SPEC + "datasets:\n  a: {source: x.csv, contract: {columns: {age: {}}}}\n", ('Missing property "type".',)),
    (STEP + "        retries: 2\n", ()),
    (STEP + "        retries: {limit: 2}\n", ()),
    (STEP + "        retries: twice\n", ("Write a whole number",)),
    (STEP + "        retries: {limt: 2}\n", ('Missing property "limit".', "Property limt is not allowed.")),
    (STEP + "        after: split\n", ()),
    (STEP + "        isolate: ${{ params.x }}\n", ()),
    (STEP + "        isolate: procss\n", ('Valid values: "thread", "process".',)),
    (STEP + "        timeout: 5m\n        isolate: thread\n", ("A thread can't be stopped",)),
    (STEP + "        inputs: {train: dataset.x}\n", ("Write `steps.step.output`, or `datasets.name`",)),
    (STEP.replace("        run: flows/churn.py:fit\n", ""), ("A step needs `run`, `uses` or `command`.",)),
    (GATE + "    kind: drfit\n", ('Valid values: "quality", "drift"',)),
    (
        GATE + "    kind: drift\n    target: datasets.a\n",
        ('Missing property "reference".', 'Missing property "checks".'),
    ),
    (SPEC + "stages:\n  development:\n  production: {after: development}\n", ()),
    (STEP.replace("{model", "&made {model") + "      other: {run: a.py:f, outputs: {<<: *made, more: table}}\n", ()),
    (SPEC + "datasets: [a]\n", ("Write a mapping",)),
)


@dataclass
class Server:
    """One language server over its standard input and output."""

    process: subprocess.Popen[bytes]
    folder: Path
    ids: Any = field(default_factory=lambda: itertools.count(1))
    answers: dict[int, queue.Queue[Any]] = field(default_factory=dict)
    findings: dict[str, queue.Queue[Any]] = field(default_factory=dict)

    @classmethod
    def start(cls, package: Path, folder: Path) -> Server:
        """Started and greeted, with settings as an editor sends them."""
        program = package / "bin/yaml-language-server"
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        server = cls(subprocess.Popen(["node", str(program), "--stdio"], **pipes), folder)  # type: ignore[call-overload]
        threading.Thread(target=server._listen, daemon=True).start()
        item = {"snippetSupport": True, "documentationFormat": ["markdown"]}
        document = {"completion": {"completionItem": item}, "hover": {"contentFormat": ["markdown"]}}
        server.ask("initialize", {"processId": None, "rootUri": None, "capabilities": {"textDocument": document}})
        server.tell("initialized", {})
        wanted = {"validate": True, "hover": True, "completion": True, "schemaStore": {"enable": False}}
        server.tell("workspace/didChangeConfiguration", {"settings": {"yaml": wanted}})
        return server

    def ask(self, method: str, params: dict[str, Any]) -> Any:
        """The result of a request."""
        number = next(self.ids)
        answer = self.answers[number] = queue.Queue()
        self._send({"id": number, "method": method, "params": params})
        return answer.get(timeout=PATIENCE)

    def tell(self, method: str, params: dict[str, Any]) -> None:
        """A message without an answer."""
        self._send({"method": method, "params": params})

    def open(self, text: str) -> tuple[str, dict[str, int]]:
        """Open a spec that names the schema; its address, and the place of the cursor."""
        text = f"# yaml-language-server: $schema={SCHEMA}\n{text}"
        at = text.find(CURSOR)
        before = text[: max(at, 0)]
        uri = (self.folder / f"{next(self.ids)}.yaml").as_uri()
        self.findings[uri] = queue.Queue()
        shown = text if at < 0 else text[:at] + text[at + 1 :]
        item = {"uri": uri, "languageId": "yaml", "version": 1, "text": shown}
        self.tell("textDocument/didOpen", {"textDocument": item})
        return uri, {"line": before.count("\n"), "character": len(before) - before.rfind("\n") - 1}

    def _send(self, message: dict[str, Any]) -> None:
        data = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(data) + data)
        self.process.stdin.flush()

    def _listen(self) -> None:
        stream = self.process.stdout
        assert stream is not None
        while head := stream.readline():
            length = int(head.split(b":")[1])
            while stream.readline().strip():
                pass
            message = json.loads(stream.read(length))
            if "method" not in message:
                self.answers.pop(message["id"]).put(message.get("result"))
            elif "id" in message:
                self._send({"id": message["id"], "result": None})
            elif message["method"] == "textDocument/publishDiagnostics":
                uri = message["params"]["uri"]
                self.findings.setdefault(uri, queue.Queue()).put(message["params"]["diagnostics"])


def main(package: Path) -> int:
    """The session; how many answers were not what a person wants."""
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        server = Server.start(package, Path(folder))
        try:
            for check in (_completions, _hovers, _findings):
                wrong += check(server)
        finally:
            server.process.kill()
            server.process.wait()
    print(f"\n{wrong} answers are not what a person wants" if wrong else "\nall as a person wants it")
    return wrong


def _completions(server: Server) -> int:
    wrong, times = 0, []
    for text, wanted, unwanted in COMPLETIONS:
        uri, at = server.open(text)
        before = time.perf_counter()
        answer = server.ask("textDocument/completion", {"textDocument": {"uri": uri}, "position": at})
        times.append(time.perf_counter() - before)
        items = answer["items"] if isinstance(answer, dict) else answer or []
        labels = [item["label"] for item in items]
        silent = [
            item["label"] for item in items if not item.get("documentation") and not item["label"].startswith("steps.")
        ]
        bad = [f"no {each}" for each in wanted - {*labels}] + [f"unwanted {each}" for each in unwanted & {*labels}]
        wrong += _told(f"complete {_tail(text)}", ", ".join(labels[:8]) + (" ..." if len(labels) > 8 else ""), bad)
        if silent:
            print(f"    without a word: {', '.join(silent[:8])}")
    first, median, most = (1000 * each for each in (times[0], statistics.median(times[1:]), max(times[1:])))
    print(f"\n{len(times)} completions: the first {first:.0f} ms, then median {median:.0f} ms, at most {most:.0f} ms\n")
    return wrong


def _hovers(server: Server) -> int:
    wrong = 0
    for text, wanted in HOVERS:
        uri, at = server.open(text)
        answer = server.ask("textDocument/hover", {"textDocument": {"uri": uri}, "position": at}) or {}
        said = answer.get("contents", {}).get("value", "")
        bad = [f"no {each!r}" for each in wanted if each not in said]
        bad += ["two titles at once"] if " || " in said else []
        wrong += _told(f"hover {_tail(text)}", " / ".join(said.split("\n\n")[:4]).replace("\n", " "), bad)
    return wrong


def _findings(server: Server) -> int:
    wrong = 0
    for text, wanted in FINDINGS:
        uri, _ = server.open(text)
        found = [each["message"] for each in server.findings[uri].get(timeout=PATIENCE)]
        bad = [f"no {each!r}" for each in wanted if not any(each in message for message in found)]
        bad += [f"unwanted {message!r}" for message in found if not any(each in message for each in wanted)]
        wrong += _told(f"check {_tail(text)}", " / ".join(found) or "nothing", bad)
    return wrong


def _tail(text: str) -> str:
    """The last lines of what is typed, in one."""
    return " ⏎ ".join(line.strip() for line in text.strip().splitlines()[-2:])


def _told(asked: str, answer: str, bad: list[str]) -> int:
    print(f"{'WRONG' if bad else 'ok   '} {asked}\n      {answer[:160]}")
    for each in bad:
        print(f"      {each}")
    return len(bad)


if __name__ == "__main__":
    sys.exit(1 if main(Path(sys.argv[1])) else 0)
