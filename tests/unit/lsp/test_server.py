"""An editor's session with the real server, over its standard input and output."""

from __future__ import annotations

import asyncio
import shutil
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.lsp.client import LanguageClient

GOOD = Path(__file__).parents[3] / "specs/conformance/ok"
PATIENCE = 60  # seconds for a whole session; a hung server must not hang the suite


@dataclass
class Editor:
    """What an editor does, by the words on the screen instead of numbers."""

    client: LanguageClient
    path: Path
    lines: list[str] = field(default_factory=list)
    version: int = 0
    address: str = ""
    told: asyncio.Queue[list[types.Diagnostic]] = field(default_factory=asyncio.Queue)

    @property
    def id(self) -> types.TextDocumentIdentifier:
        """The open document."""
        return types.TextDocumentIdentifier(self.address or self.path.as_uri())

    async def open(self, text: str) -> list[types.Diagnostic]:
        """Show a text; what is wrong with it."""
        self.lines = text.split("\n")
        item = types.TextDocumentItem(self.id.uri, "yaml", self.version, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        return await self.told.get()

    async def type(self, text: str) -> list[types.Diagnostic]:
        """Replace the whole text."""
        self.lines, self.version = text.split("\n"), self.version + 1
        document = types.VersionedTextDocumentIdentifier(self.version, self.id.uri)
        change = types.TextDocumentContentChangeWholeDocument(text)
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(document, [change]))
        return await self.told.get()

    def at(self, line: str, word: str) -> types.Position:
        """Inside a word of the first line that holds a text; editors count UTF-16 units."""
        number = next(index for index, each in enumerate(self.lines) if line in each)
        before = self.lines[number][: self.lines[number].index(word)]
        return types.Position(number, len(before.encode("utf-16-le")) // 2 + 1)

    def after(self, line: str) -> types.Position:
        """Behind the text that a line ends with."""
        number = next(index for index, each in enumerate(self.lines) if each.endswith(line))
        return types.Position(number, len(self.lines[number]))

    async def offered(self, position: types.Position) -> list[str]:
        """The labels of what may be written there."""
        said = await self.client.text_document_completion_async(types.CompletionParams(self.id, position))
        assert isinstance(said, types.CompletionList)
        return [item.label for item in said.items]

    async def hovered(self, line: str, word: str) -> str:
        """The text beside a word."""
        said = await self.client.text_document_hover_async(types.HoverParams(self.id, self.at(line, word)))
        assert said is not None
        assert isinstance(said.contents, types.MarkupContent)
        return said.contents.value


Session = Callable[[Editor], Awaitable[None]]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project that a good spec fits."""
    for folder in ("data", "flows"):
        shutil.copytree(GOOD / folder, tmp_path / folder)
    return tmp_path


def held(project: Path, session: Session) -> None:
    """Start the server, greet it, hold a session, end it as an editor does."""

    async def whole() -> None:
        client = LanguageClient("an editor", "1")
        editor = Editor(client, project / "modelsync.yaml")

        @client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)  # type: ignore[untyped-decorator]
        def told(params: types.PublishDiagnosticsParams) -> None:
            editor.told.put_nowait(list(params.diagnostics))

        await client.start_io(sys.executable, "-m", "modelsync", "lsp")
        greeting = types.InitializeParams(capabilities=types.ClientCapabilities(), process_id=None, root_uri=None)
        said = await client.initialize_async(greeting)
        assert said.capabilities.rename_provider is not None
        client.initialized(types.InitializedParams())
        await session(editor)
        await client.shutdown_async(None)
        client.exit(None)
        await client.stop()  # type: ignore[no-untyped-call]

    asyncio.run(asyncio.wait_for(whole(), PATIENCE))


def text() -> str:
    """The good spec."""
    return (GOOD / "everything.yaml").read_text(encoding="utf-8")


@pytest.mark.slow
def test_an_editor_is_told_what_is_wrong_and_how_to_mend_it(project: Path) -> None:
    async def session(editor: Editor) -> None:
        assert await editor.open(text()) == []
        found = await editor.type(text().replace("    tags:", "    tagss:"))
        assert [(each.code, each.source) for each in found] == [("MS101", "modelsync")]
        assert found[0].range.start == types.Position(editor.at("tagss", "tagss").line, 4)
        assert "did you mean `tags`?" in found[0].message
        context = types.CodeActionContext(diagnostics=found)
        asked = types.CodeActionParams(editor.id, found[0].range, context)
        mends = await editor.client.text_document_code_action_async(asked)
        assert mends is not None
        assert isinstance(mends[0], types.CodeAction)
        edit = mends[0].edit
        assert edit is not None
        assert edit.changes is not None
        assert list(edit.changes[editor.id.uri]) == [types.TextEdit(range=found[0].range, new_text="tags")]
        assert await editor.type(text()) == []

    held(project, session)


@pytest.mark.slow
def test_an_editor_may_spell_the_address_in_its_own_way(project: Path) -> None:
    async def session(editor: Editor) -> None:
        editor.address = f"file://{editor.path}"  # Neovim leaves `+` and `@` as they are
        assert editor.address != editor.path.as_uri()
        (found,) = await editor.open(text().replace("    tags:", "    tagss:"))
        assert found.range.start == types.Position(editor.at("tagss", "tagss").line, 4)

    odd = project / "a+b@c"
    odd.mkdir()
    for name in ("data", "flows"):
        (project / name).rename(odd / name)
    held(odd, session)


@pytest.mark.slow
def test_an_editor_completes_and_explains(project: Path) -> None:
    async def session(editor: Editor) -> None:
        await editor.open(text())
        assert "How stubbornly it is tried again." in await editor.hovered("        retries:", "retries")
        assert "def fit(train: Any" in await editor.hovered("run: flows/churn.py:fit", "churn")
        await editor.type(text() + "\nsch")
        assert "schedules" in await editor.offered(editor.after("sch"))
        await editor.type(text().replace("kind: quality", "kind: "))
        assert await editor.offered(editor.after("    kind: ")) == [
            "quality",
            "missing",
            "outliers",
            "freshness",
            "drift",
            "target_drift",
            "prediction_drift",
            "performance",
            "champion",
            "stability",
            "calibration",
            "residuals",
            "fairness",
            "custom",
        ]

    held(project, session)


@pytest.mark.slow
def test_an_editor_jumps_and_renames_also_behind_wide_letters(project: Path) -> None:
    wide = text().replace("    tags:", '    description: "\U0001f600\U0001f600"\n    tags:')
    wide = wide.replace("inputs: {train: steps.features.train}", "inputs: {'train': steps.features.train}")

    async def session(editor: Editor) -> None:
        assert await editor.open(wide) == []
        asked = types.DefinitionParams(editor.id, editor.at("steps.features.train", "features"))
        there = await editor.client.text_document_definition_async(asked)
        assert isinstance(there, types.Location)
        assert editor.lines[there.range.start.line].strip() == "features:"
        code = types.DefinitionParams(editor.id, editor.at("run: flows/churn.py:fit", "churn"))
        function = await editor.client.text_document_definition_async(code)
        assert isinstance(function, types.Location)
        assert function.uri.endswith("flows/churn.py")
        wanted = types.RenameParams(editor.id, editor.at("      features:", "features"), "enrich")
        edit = await editor.client.text_document_rename_async(wanted)
        assert edit is not None
        assert edit.changes is not None
        places = edit.changes[editor.id.uri]
        assert {each.new_text for each in places} == {"enrich"}
        assert await editor.type(_edited(editor.lines, places)) == []
        assert "features:" not in "\n".join(editor.lines).replace("features.added", "")
        with pytest.raises(JsonRpcException, match="can't be a name"):
            await editor.client.text_document_rename_async(
                types.RenameParams(editor.id, editor.at("      enrich:", "enrich"), "not a name")
            )

    held(project, session)


def _edited(lines: list[str], edits: Sequence[types.TextEdit]) -> str:
    """The text after the edits, applied as an editor does: from the end, in UTF-16 units."""
    changed = list(lines)
    for edit in sorted(edits, key=lambda each: (each.range.start.line, each.range.start.character), reverse=True):
        line = changed[edit.range.start.line].encode("utf-16-le")
        start, end = edit.range.start.character * 2, edit.range.end.character * 2
        changed[edit.range.start.line] = (line[:start] + edit.new_text.encode("utf-16-le") + line[end:]).decode(
            "utf-16-le"
        )
    return "\n".join(changed)
