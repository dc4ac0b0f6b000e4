"""The protocol's requests and answers; what is said is decided behind `api.editing`."""

from __future__ import annotations

from pathlib import Path

from lsprotocol import types
from pygls import uris
from pygls.exceptions import JsonRpcInvalidParams
from pygls.lsp.server import LanguageServer
from pygls.workspace import TextDocument

from modelsync import __version__
from modelsync.api.editing import Desk
from modelsync.core.diagnostics import Diagnostic, Fix, Pos, Severity
from modelsync.core.errors import UsageError

SOURCE = "modelsync"
_KINDS = {
    "key": types.CompletionItemKind.Property,
    "word": types.CompletionItemKind.EnumMember,
    "reference": types.CompletionItemKind.Reference,
    "name": types.CompletionItemKind.Variable,
    "function": types.CompletionItemKind.Function,
    "expectation": types.CompletionItemKind.Function,
    "hole": types.CompletionItemKind.Variable,
}
_SEVERITIES = {Severity.ERROR: types.DiagnosticSeverity.Error, Severity.WARNING: types.DiagnosticSeverity.Warning}
_TRIGGERS = [".", ":", " ", "-", "{", "/", "["]


class SpecServer(LanguageServer):
    """One server for every spec that an editor has open."""

    def __init__(self) -> None:
        super().__init__("modelsync-lsp", __version__, text_document_sync_kind=types.TextDocumentSyncKind.Incremental)
        self._desks: dict[str, Desk] = {}

    def desk(self, uri: str) -> Desk:
        """The spec of a document; opened when it is first asked for."""
        if uri not in self._desks:
            self._desks[uri] = Desk(_path(uri))
            self._desks[uri].change(self.document(uri).source)
        return self._desks[uri]

    def document(self, uri: str) -> TextDocument:
        """The text as the editor has it."""
        return self.workspace.get_text_document(uri)

    def check(self, uri: str) -> None:
        """Say everything that is wrong with a document as it is now."""
        found = self.desk(uri).change(self.document(uri).source)
        here = [self.diagnostic(uri, each) for each in found]
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri=uri, diagnostics=here))

    def close(self, uri: str) -> None:
        """Forget a document, and what was said about it."""
        self._desks.pop(uri, None)
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri=uri, diagnostics=[]))

    def place(self, uri: str, position: types.Position) -> tuple[int, int]:
        """Line and column from 1, in characters."""
        document = self.document(uri)
        found = document.position_codec.position_from_client_units(document.lines, position)
        return found.line + 1, found.character + 1

    def range(self, uri: str, at: Pos) -> types.Range:
        """A place in the units of the editor."""
        document = self.document(uri)
        whole = types.Range(
            start=types.Position(line=at.line - 1, character=at.col - 1),
            end=types.Position(line=at.end_line - 1, character=at.end_col - 1),
        )
        return document.position_codec.range_to_client_units(document.lines, whole)

    def location(self, at: Pos) -> types.Location:
        """A place in any file."""
        file = at.file.absolute()  # a document that is open keeps the spelling of its address
        uri = next((uri for uri in self._desks if _path(uri).absolute() == file), None) or _uri(file)
        return types.Location(uri=uri, range=self.range(uri, at))

    def diagnostic(self, uri: str, found: Diagnostic) -> types.Diagnostic:
        """One finding; what stands in an included file is shown at the top, with its place."""
        elsewhere = found.at.file.absolute() != _path(uri).absolute()  # an address has many spellings, a path one
        message = "\n".join(part for part in (found.message, found.help, *found.notes) if part)
        top = types.Range(start=types.Position(line=0, character=0), end=types.Position(line=0, character=1))
        return types.Diagnostic(
            range=top if elsewhere else self.range(uri, found.at),
            message=f"{found.at.file.name}:{found.at.line}: {message}" if elsewhere else message,
            severity=_SEVERITIES[found.severity],
            code=found.code,
            source=SOURCE,
            related_information=[
                types.DiagnosticRelatedInformation(location=self.location(other.at), message=other.message)
                for other in found.related
            ],
        )


def _path(uri: str) -> Path:
    return Path(uris.to_fs_path(uri) or uri)


def _uri(file: Path) -> str:
    return uris.from_fs_path(str(file.absolute())) or str(file)


def make() -> SpecServer:
    """The server with every request it answers."""
    server = SpecServer()
    _documents(server)
    _questions(server)
    _changes(server)
    return server


def _documents(server: SpecServer) -> None:
    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def opened(ls: SpecServer, params: types.DidOpenTextDocumentParams) -> None:
        ls.check(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def changed(ls: SpecServer, params: types.DidChangeTextDocumentParams) -> None:
        ls.check(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def saved(ls: SpecServer, params: types.DidSaveTextDocumentParams) -> None:
        ls.check(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def closed(ls: SpecServer, params: types.DidCloseTextDocumentParams) -> None:
        ls.close(params.text_document.uri)


def _questions(server: SpecServer) -> None:
    @server.feature(types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions(trigger_characters=_TRIGGERS))
    def complete(ls: SpecServer, params: types.CompletionParams) -> types.CompletionList:
        uri = params.text_document.uri
        found = ls.desk(uri).complete(*ls.place(uri, params.position))
        items = [
            types.CompletionItem(
                label=each.label,
                insert_text=each.insert,
                kind=_KINDS[each.kind],
                detail=each.detail or None,
                documentation=types.MarkupContent(kind=types.MarkupKind.Markdown, value=each.doc) if each.doc else None,
                sort_text=f"{index:04}",  # the likeliest first, as they come
            )
            for index, each in enumerate(found)
        ]
        return types.CompletionList(is_incomplete=False, items=items)

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    def hover(ls: SpecServer, params: types.HoverParams) -> types.Hover | None:
        uri = params.text_document.uri
        found = ls.desk(uri).hover(*ls.place(uri, params.position))
        if found is None:
            return None
        content = types.MarkupContent(kind=types.MarkupKind.Markdown, value=found.markdown)
        return types.Hover(contents=content, range=ls.range(uri, found.at))

    @server.feature(types.TEXT_DOCUMENT_DEFINITION)
    def define(ls: SpecServer, params: types.DefinitionParams) -> types.Location | None:
        uri = params.text_document.uri
        found = ls.desk(uri).definition(*ls.place(uri, params.position))
        return None if found is None else ls.location(found)

    @server.feature(types.TEXT_DOCUMENT_REFERENCES)
    def refer(ls: SpecServer, params: types.ReferenceParams) -> list[types.Location]:
        uri = params.text_document.uri
        return [ls.location(each) for each in ls.desk(uri).references(*ls.place(uri, params.position))]


def _changes(server: SpecServer) -> None:
    @server.feature(types.TEXT_DOCUMENT_PREPARE_RENAME)
    def prepare(ls: SpecServer, params: types.PrepareRenameParams) -> types.Range | None:
        uri = params.text_document.uri
        found = ls.desk(uri).named(*ls.place(uri, params.position))
        return None if found is None else ls.range(uri, found)

    @server.feature(types.TEXT_DOCUMENT_RENAME)
    def rename(ls: SpecServer, params: types.RenameParams) -> types.WorkspaceEdit:
        uri = params.text_document.uri
        try:
            found = ls.desk(uri).rename(*ls.place(uri, params.position), params.new_name)
        except UsageError as error:
            raise JsonRpcInvalidParams(error.message) from error
        changes: dict[str, list[types.TextEdit]] = {}
        for at in found.places:
            where = ls.location(at)
            changes.setdefault(where.uri, []).append(types.TextEdit(range=where.range, new_text=params.new_name))
        return types.WorkspaceEdit(changes=changes)

    @server.feature(
        types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix])
    )
    def mend(ls: SpecServer, params: types.CodeActionParams) -> list[types.CodeAction]:
        uri = params.text_document.uri
        shown = {each.message for each in params.context.diagnostics}
        return [
            _mend(ls, uri, diagnostic, found.fix)
            for found in ls.desk(uri).diagnostics
            if found.fix is not None and (diagnostic := ls.diagnostic(uri, found)).message in shown
        ]


def _mend(server: SpecServer, uri: str, diagnostic: types.Diagnostic, fix: Fix) -> types.CodeAction:
    where = server.location(fix.at)
    edit = types.TextEdit(range=where.range, new_text=fix.replacement)
    return types.CodeAction(
        title=f"Write `{fix.replacement}`",
        kind=types.CodeActionKind.QuickFix,
        diagnostics=[diagnostic],
        is_preferred=True,
        edit=types.WorkspaceEdit(changes={where.uri: [edit]}),
    )


def serve() -> None:
    """Answer on standard input and output until the editor ends it."""
    make().start_io()
