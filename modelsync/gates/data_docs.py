"""The page of Great Expectations for a quality gate, without anything that it would load from elsewhere."""

from __future__ import annotations

import os
import uuid
from html import escape
from html.parser import HTMLParser
from importlib import import_module
from pathlib import Path
from typing import Any

from modelsync.core.verdict import Outcome, Verdict
from modelsync.gates import libraries, quality
from modelsync.gates.question import GateError, Question, first_line

# Nothing is loaded, and nothing runs: the page is text with a style.
_POLICY = "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
_NOTE = (
    "Drawn by Great Expectations from the same table; the verdict above is ours and this page decides nothing. As "
    "Great Expectations writes it, the page loads styles, scripts and a logo from ten servers on the internet. All of "
    "that has been taken out, and its charts with it: it opens offline, and nobody is told that you read it."
)
_STYLE = """<style>
body { font: 15px/1.5 system-ui, sans-serif; color: #1f2733; background: #fff; max-width: 1100px; margin: 0 auto;
  padding: 28px 24px }
h1 { font-size: 24px; margin: 0 0 4px; font-weight: 650 } h5 { font-size: 18px; margin: 26px 0 6px }
h6 { font-size: 15px; margin: 12px 0 4px } .reason { font-size: 16px; margin: 10px 0; overflow-wrap: anywhere }
.note { color: #5f6b7a; font-size: 13px; border-top: 1px solid #d5dbe3; padding-top: 12px }
.mark { color: #fff; background: #5f6b7a; border-radius: 4px; padding: 2px 9px; font-size: 14px; vertical-align: 3px }
.pass { background: #1a7f37 } .fail { background: #c62828 } .error { background: #8e24aa }
table { border-collapse: collapse; margin: 8px 0; font-size: 14px; max-width: 100%; display: block; overflow-x: auto }
th { text-align: left; border-bottom: 2px solid #d5dbe3; padding: 5px 12px 5px 0 }
td { border-bottom: 1px solid #e7ebf0; padding: 5px 12px 5px 0; vertical-align: top; overflow-wrap: break-word }
i { font-style: normal; font-weight: 700 } .text-danger { color: #c62828 } .text-success { color: #1a7f37 }
.fa-check-circle::before { content: "\\2713" } .fa-times::before { content: "\\2717" }
.fa-exclamation-triangle::before { content: "!" }
.badge { background: #eef1f5; border-radius: 4px; padding: 1px 6px; font-size: 13px }
pre, code { white-space: pre-wrap; overflow-wrap: anywhere }
</style>"""

_TAGS = frozenset(
    {
        "b", "br", "code", "dd", "div", "dl", "dt", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "li", "ol",
        "p", "pre", "small", "span", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
    }
)  # fmt: skip
_VOID = frozenset({"br", "hr"})
_SILENT = frozenset({"script", "style"})
_KEPT = frozenset({"class", "id", "colspan", "rowspan", "hidden"})
_SECTION = "ge-section"  # the class of each part of the page that holds results


def draw(question: Question, verdict: Verdict, path: Path) -> None:
    """Write one HTML page that loads nothing; where the library can't draw it, the page says why.

    The library is asked once more, on the same rows: its results do not travel with a verdict.
    """
    try:
        body = _inside(_page(quality.validation(question)))
    except Exception as error:  # a page never breaks a run: the verdict is on it all the same
        why = str(error) if isinstance(error, GateError) else first_line(error)
        body = f"<p class='note'>No page by Great Expectations: {escape(why)}</p>"
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    with part.open("w", encoding="utf-8", errors="replace") as handle:
        handle.write(_whole(verdict, body))
        handle.flush()
        os.fsync(handle.fileno())
    part.replace(path)


def _page(result: Any) -> str:
    with libraries.expecting():
        renderer, view = (
            import_module(f"great_expectations.render.{name}")
            for name in ("renderer", "view")  # no types in there
        )
        document = renderer.ValidationResultsPageRenderer(run_info_at_end=True).render(result)
        page: str = view.DefaultJinjaPageView().render(document)
    return page


def _inside(page: str) -> str:
    """The results of the page alone: no script, style, picture, link or form, and only attributes that load nothing."""
    reader = _Results()
    reader.feed(page)
    reader.close()
    if not reader.parts:
        raise GateError("it has no results on it, so its form must have changed")
    return "".join(reader.parts)


class _Results(HTMLParser):
    """Writes again what stands inside the sections of results, as far as it is text, tables and their like."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._open: list[str] = []  # tags since the section began, itself the first
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag in _TAGS and (self._open or _SECTION in (dict(attrs).get("class") or "").split()):
            kept = "".join(f' {name}="{escape(value or "")}"' for name, value in attrs if name in _KEPT)
            self.parts.append(f"<{tag}{kept}>")
            if tag not in _VOID:
                self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(self._silent - 1, 0)
        elif tag in self._open:
            while (last := self._open.pop()) != tag:  # what was left open inside ends with it
                self.parts.append(f"</{last}>")
            self.parts.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if self._open and not self._silent:
            self.parts.append(escape(data))


def _whole(verdict: Verdict, body: str) -> str:
    left = sum(check.outcome is Outcome.ERROR for check in verdict.checks)
    said = (
        f" {left} of {len(verdict.checks)} expectations could not be decided and may be missing below." if left else ""
    )
    title = f"{escape(verdict.gate)}: {verdict.outcome}"
    return (
        f"<!DOCTYPE html>\n<html lang='en'><head><meta charset='UTF-8'>{_POLICY}"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        f"<title>{title}</title>{_STYLE}</head><body>"
        f"<h1>{escape(verdict.gate)} <span class='mark {verdict.outcome}'>{verdict.outcome}</span></h1>"
        f"<p class='reason'>{escape(verdict.reason)}</p><p class='note'>{_NOTE}{said}</p>{body}</body></html>\n"
    )
