"""How the page looks: one palette for light and one for dark, one sheet for screens of any width and for paper."""

from __future__ import annotations

from collections.abc import Mapping

# Text on `paper` and `wash` has a contrast of at least 4.5 to 1, marks in charts at least 3 to 1 (WCAG 2.2 AA).
LIGHT: Mapping[str, str] = {
    "paper": "#ffffff",
    "wash": "#f5f7f9",
    "ink": "#1a2330",
    "muted": "#566172",
    "rule": "#dde3ea",
    "now": "#0f6f8f",
    "before": "#7b8795",
    "before-soft": "#dfe4e9",
    "pass": "#1a7447",
    "fail": "#b3261e",
    "inconclusive": "#875400",
    "error": "#7a3c9e",
    "skipped": "#566172",
    "pass-soft": "#dcefe4",
    "fail-soft": "#fae3e0",
}
DARK: Mapping[str, str] = {
    "paper": "#11161c",
    "wash": "#181f27",
    "ink": "#e3e8ee",
    "muted": "#a2aebc",
    "rule": "#2b3540",
    "now": "#66c2e0",
    "before": "#8a96a4",
    "before-soft": "#323d49",
    "pass": "#62c690",
    "fail": "#ff8d83",
    "inconclusive": "#e6b556",
    "error": "#d2a4f2",
    "skipped": "#a2aebc",
    "pass-soft": "#173629",
    "fail-soft": "#43221f",
}


def sheet() -> str:
    """The whole style sheet."""
    dark = f"@media screen and (prefers-color-scheme: dark) {{ :root {{ {_variables(DARK)} }} }}"
    return f":root {{ {_variables(LIGHT)} }}\n{dark}\n{_RULES}"


def _variables(palette: Mapping[str, str]) -> str:
    return " ".join(f"--{name}: {colour};" for name, colour in palette.items())


_RULES = """
* { box-sizing: border-box }
html { color-scheme: light dark; -webkit-text-size-adjust: 100% }
body { margin: 0; background: var(--paper); color: var(--ink); overflow-wrap: anywhere;
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
  font-variant-numeric: tabular-nums }
main { max-width: 1060px; margin: 0 auto; padding: 44px 32px 72px }
h1, h2, h3, h4, p, figure, dl, dd, ol, ul, pre { margin: 0; padding: 0 }
h1 { font-size: 32px; line-height: 1.2; font-weight: 680; letter-spacing: -.015em }
h2 { font-size: 20px; font-weight: 660; letter-spacing: -.01em; margin: 56px 0 6px }
h3 { font-size: 17px; font-weight: 640 }
h4 { font-size: 14px; font-weight: 640 }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: .9em }
a { color: var(--now) }
.muted { color: var(--muted) } .small { font-size: 14px; line-height: 1.5 }
.nowrap { white-space: nowrap }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }

.mark { display: inline-block; white-space: nowrap; border-radius: 5px; padding: 1px 9px; font-size: 13px;
  font-weight: 640; line-height: 1.6; color: var(--paper); background: var(--skipped) }
.mark.pass { background: var(--pass) } .mark.fail { background: var(--fail) } .mark.error { background: var(--error) }
.mark.inconclusive { background: var(--inconclusive) }
.mark.quiet { background: none; color: var(--skipped); padding: 0 }
.mark.quiet.pass { color: var(--pass) } .mark.quiet.fail { color: var(--fail) }
.mark.quiet.error { color: var(--error) } .mark.quiet.inconclusive { color: var(--inconclusive) }

header .mark { font-size: 17px; padding: 4px 15px; border-radius: 7px; margin-bottom: 14px }
header h1 + .muted { margin-top: 5px }
header .reason { font-size: 20px; line-height: 1.45; margin: 14px 0 0; max-width: 46em }
header dl { display: flex; flex-wrap: wrap; gap: 14px 40px; margin-top: 26px; padding-top: 20px;
  border-top: 1px solid var(--rule) }
dt { color: var(--muted); font-size: 13px; line-height: 1.4 } dd { font-size: 15px }
.lead { color: var(--muted); margin: 0 0 20px; max-width: 46em }

.card { border: 1px solid var(--rule); border-left: 4px solid var(--skipped); border-radius: 9px;
  padding: 20px 24px 22px; margin: 0 0 18px; break-inside: avoid }
.card.pass { border-left-color: var(--pass) } .card.fail { border-left-color: var(--fail) }
.card.error { border-left-color: var(--error) } .card.inconclusive { border-left-color: var(--inconclusive) }
.card > .title { display: flex; flex-wrap: wrap; gap: 4px 12px; align-items: baseline }
details.card { padding: 11px 20px 12px; margin-bottom: 9px }
.card summary { cursor: pointer } .card summary h3 { display: inline; margin-right: 10px }
.check { margin-top: 18px; display: grid; grid-template-columns: minmax(0, 5fr) minmax(0, 6fr); gap: 4px 36px;
  align-items: start }
.check + .check { border-top: 1px solid var(--rule); padding-top: 18px }
.check .note { grid-column: 1 / -1; color: var(--muted); font-size: 14px; margin-top: 4px }
.check .said { font-size: 16px } .check .said b { font-weight: 660 }
.numbers { display: flex; flex-wrap: wrap; gap: 3px 18px; margin-top: 6px; font-size: 14px }
.numbers div { display: flex; gap: 6px } .numbers dt, .numbers dd { font-size: 14px }
.pictures { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 26px 36px; margin-top: 22px;
  padding-top: 20px; border-top: 1px solid var(--rule) }
.pictures > .wide { grid-column: 1 / -1 }
figure.single { max-width: 620px }
figcaption { font-size: 14px; line-height: 1.45; margin-bottom: 8px }
figcaption .muted { display: block; font-size: 13px }
.key { display: inline-block; width: 14px; height: 10px; margin: 0 5px 0 0; border-radius: 2px;
  background: var(--before-soft); border: 1.5px solid var(--before) }
.key.now { background: none; border-color: var(--now); border-width: 2px; margin-left: 14px }

.pictured .key { background: var(--before) } .pictured .key.now { background: var(--now) }
svg.chart { display: block; width: 100%; height: auto; overflow: visible; color: var(--ink) }
svg.chart text { font-size: 12px; fill: var(--muted); font-family: inherit }
svg.chart text.strong { fill: var(--ink); font-weight: 640 }
.axis { stroke: var(--rule); stroke-width: 1 } .zero { stroke: var(--muted); stroke-width: 1 }
.limit { stroke: var(--ink); stroke-width: 1.75 } .chance { stroke: var(--muted); stroke-width: 1.25;
  stroke-dasharray: 3 2.5 }
.good { fill: var(--pass-soft) } .bad { fill: var(--fail-soft) } .track { fill: var(--before-soft) }
.dot { stroke: var(--paper); stroke-width: 1.75; fill: var(--now) }
.whisker { stroke: var(--now); stroke-width: 2.25 }
.of-pass .dot, .dot.pass { fill: var(--pass) } .of-fail .dot, .dot.fail { fill: var(--fail) }
.of-error .dot, .dot.error { fill: var(--error) }
.of-inconclusive .dot, .dot.inconclusive { fill: var(--inconclusive) }
.of-skipped .dot, .dot.skipped { fill: var(--before) }
.of-pass .whisker { stroke: var(--pass) } .of-fail .whisker { stroke: var(--fail) }
.of-inconclusive .whisker { stroke: var(--inconclusive) } .of-skipped .whisker { stroke: var(--before) }
.before { fill: var(--before-soft); stroke: var(--before); stroke-width: 1.25 }
.before-bar { fill: var(--before) } .now-bar { fill: var(--now) } .bad-bar { fill: var(--fail) }
.gap-bar { fill: var(--before-soft) }
.now { fill: none; stroke: var(--now); stroke-width: 2.25; stroke-linejoin: round }
.now-soft { fill: var(--now); opacity: .14 } .cloud { fill: var(--now); opacity: .38 }
.trend { fill: none; stroke: var(--fail); stroke-width: 2.25; stroke-linejoin: round }
.dashed { stroke-dasharray: 5 4 }

.scroll { overflow-x: auto; overflow-wrap: normal }
.scroll:focus-visible { outline: 2px solid var(--now); outline-offset: 3px }
table { border-collapse: collapse; width: 100%; font-size: 14px; line-height: 1.45 }
caption { text-align: left; font-size: 14px; margin-bottom: 6px }
th { text-align: left; font-weight: 620; padding: 6px 14px 6px 0; vertical-align: bottom;
  border-bottom: 1.5px solid var(--before) }
td, tbody th { border-bottom: 1px solid var(--rule); padding: 6px 14px 6px 0; vertical-align: top; font-weight: 400 }
th:last-child, td:last-child { padding-right: 0 }
.num { text-align: right; white-space: nowrap } td.note { min-width: 15em; color: var(--muted) }
td.on { min-width: 8em }
tbody th { min-width: 9.5em } td.draw { width: 42%; min-width: 130px; vertical-align: middle }
td.draw svg { min-height: 14px }
.tag { font-size: 12px; font-weight: 640; color: var(--fail); white-space: nowrap; margin-left: 6px }
details > summary { cursor: pointer; color: var(--now); font-weight: 600; padding: 4px 0 }
details.card > summary { color: var(--ink) }
pre { background: var(--wash); border: 1px solid var(--rule); border-radius: 7px; padding: 14px 16px;
  white-space: pre-wrap; line-height: 1.5; margin: 10px 0 }
ul.plain, ol.plain { list-style: none; margin-top: 10px; font-size: 14px } .plain li { padding: 3px 0 }
dl.facts { display: grid; grid-template-columns: minmax(9em, max-content) minmax(0, 1fr); gap: 7px 28px;
  margin-top: 14px }
dl.facts dt { font-size: 14px; padding-top: 1px }
footer { margin-top: 60px; padding-top: 16px; border-top: 1px solid var(--rule); color: var(--muted); font-size: 13px }

@media (max-width: 720px) {
  main { padding: 26px 18px 48px } h1 { font-size: 26px } header h1 + .muted { margin-top: 5px }
header .reason { font-size: 18px }
  header dl { gap: 12px 26px } h2 { margin-top: 44px } .card { padding: 16px 16px 18px }
  .check, .pictures { grid-template-columns: minmax(0, 1fr); gap: 8px 0 } .pictures { row-gap: 26px }
  ul.plain, ol.plain { list-style: none; margin-top: 10px; font-size: 14px } .plain li { padding: 3px 0 }
dl.facts { grid-template-columns: minmax(0, 1fr); gap: 0 } dl.facts dd { margin-bottom: 10px }
  th, td { padding-right: 10px } svg.chart text { font-size: 14px }
  table.pictured, .pictured caption, .pictured tbody { display: block }
  .pictured thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }
  .pictured tr { display: flex; flex-wrap: wrap; gap: 1px 16px; align-items: baseline; padding: 8px 0;
    border-bottom: 1px solid var(--rule) }
  .pictured tbody th { flex: 1 1 9em; order: 1; font-weight: 560 }
  .pictured tbody th, .pictured td { border: 0; padding: 0 } .pictured td { order: 3 }
  .pictured td[data-head="value"] { order: 2 } .pictured td:empty { display: none }
  .pictured td.draw { order: 2; flex: 1 0 100%; width: auto; padding: 2px 0 }
  .pictured td.num::before { content: attr(data-head) "\\2002"; color: var(--muted) }
  .pictured td[data-head="value"] { font-weight: 640 } .pictured td[data-head="value"]::before { content: none }
}
@media print {
  main { max-width: none; padding: 0 } body { font-size: 11pt } .scroll { overflow: visible }
  .mark, .good, .bad, .track, .before, .key, .now-bar, .before-bar, .bad-bar { print-color-adjust: exact;
    -webkit-print-color-adjust: exact }
  details::details-content { content-visibility: visible; display: block } h2, h3, figcaption { break-after: avoid }
}
"""
