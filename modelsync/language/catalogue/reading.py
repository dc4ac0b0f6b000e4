"""MS0xx: what keeps a text from being read at all."""

from __future__ import annotations

from modelsync.language.catalogue.entry import Entry

ENTRIES = (
    Entry(
        "MS001",
        "not YAML",
        "The text breaks the rules of YAML: a bracket or quote stays open, a colon is missing, the indentation does "
        "not fit, a tab indents a line. The place shown is where the mend belongs, as far as that can be seen.",
        "What can't be read can't be checked, so this is told alone: mend it, and the rest of the file is looked at.",
        """\
modelsync: 1
project: churn
datasets:
  customers: {source: data/customers.csv
""",
        """\
modelsync: 1
project: churn
datasets:
  customers: {source: data/customers.csv}
""",
        ("MS007", "MS008"),
    ),
    Entry(
        "MS002",
        "too large",
        "A file, a key, a value or the whole of a spec is beyond a limit: 256 KiB, 64 levels, 20,000 values and keys, "
        "100 aliases, 50,000 values and keys with the aliases expanded, keys of 256 characters, values of 64 KiB; or "
        "there are more than 200 faults.",
        "Somebody else's spec is checked in pull requests: a file must not be able to buy minutes or gigabytes.",
        """\
modelsync: 1
project: churn
params:
  a: &a [1, 2, 3, 4, 5, 6, 7, 8, 9]
  b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]
  c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b]
  d: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c]
  e: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d]
""",
        """\
modelsync: 1
project: churn
params:
  horizon: {type: int, default: 30}
""",
    ),
    Entry(
        "MS003",
        "a character that has no place",
        "The file is not UTF-8, or it holds a character that nobody sees or that steers a terminal: control "
        "characters, marks that turn the writing direction, other line separators. Escapes in quotes are no way "
        "around.",
        "What is reviewed must be what is read: such characters hide text, or show other text than there is.",
        """\
modelsync: 1
project: churn
description: "churn \\e[2J model"
""",
        """\
modelsync: 1
project: churn
description: "churn \\u2013 for Kündigungen"
""",
    ),
    Entry(
        "MS004",
        "more than one document, or a directive",
        "The file has a second document after `---`, or a line with a directive such as `%YAML 1.1`.",
        "A spec is one document in YAML 1.2. A second one would be read by some tools and skipped by others.",
        """\
modelsync: 1
project: churn
---
datasets: {}
""",
        """\
---
modelsync: 1
project: churn
datasets: {}
""",
        ("MS010",),
    ),
    Entry(
        "MS005",
        "a tag that is not allowed",
        "A value has a tag of another tool, such as `!include`, `!ENV` or `!!python/object`, or a core tag that does "
        "not fit it.",
        "Tags run code or read files in the tools that know them. Here files are included with `include:`, variables "
        "put in with `${{ env.NAME }}`, secrets named with `secrets.name`.",
        """\
modelsync: 1
project: churn
datasets: !include datasets.yaml
""",
        """\
modelsync: 1
project: churn
include: [shared/team.yaml]
""",
        ("MS010", "MS111"),
    ),
    Entry(
        "MS006",
        "a key written twice",
        "One mapping has the same key twice.",
        "Most readers of YAML keep the last one and forget the first in silence.",
        """\
modelsync: 1
project: churn
engine: {concurrency: 2}
project: other
""",
        """\
modelsync: 1
project: churn
engine: {concurrency: 2}
""",
    ),
    Entry(
        "MS007",
        "a key that is no text",
        "A mapping or a list stands where a key belongs. Mostly a template is meant, `{{ name }}`: without quotes its "
        "braces are two mappings, one inside the other.",
        "Keys are names. There are no templates: a param is put in as `${{ params.name }}`.",
        """\
modelsync: 1
project: churn
engine: {concurrency: 2}
description: {{ title }}
""",
        """\
modelsync: 1
project: churn
engine: {concurrency: 2}
description: "{{ title }}"
""",
        ("MS111",),
    ),
    Entry(
        "MS008",
        "an anchor that is not there",
        "An alias (`*name`) stands before its anchor (`&name`), inside of it, or for none at all; or `<<` merges "
        "something else than a mapping. Often no alias is meant: a pattern or a cron time begins with `*` and needs "
        "quotes.",
        "There is no value to put in.",
        """\
modelsync: 1
project: churn
access: {roles: {contributor: [*@example.org]}}
""",
        """\
modelsync: 1
project: churn
access: {roles: {contributor: ["*@example.org"]}}
""",
    ),
    Entry(
        "MS009",
        "a file that says nothing",
        "The file is empty, or holds only comments.",
        "A spec has at least the language version and the name of the project.",
        """\
# the spec of our churn model
""",
        """\
modelsync: 1
project: churn
""",
        ("MS102",),
    ),
    Entry(
        "MS010",
        "an include that can't be used",
        "A file under `include:` does not exist, is no mapping, is included twice, includes itself by a circle, or is "
        "one too many (16 at most). A path starts at the root of the project; patterns are not looked up.",
        "The spec would lack what it says it has.",
        """\
modelsync: 1
project: churn
include: [shared/taem.yaml]
""",
        """\
modelsync: 1
project: churn
include: [shared/team.yaml]
""",
        ("MS601",),
    ),
)
