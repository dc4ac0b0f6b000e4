"""MS6xx: paths that leave the project, and secrets that would be written down."""

from __future__ import annotations

from modelsync.language.catalogue.entry import Entry

_FIT = """\
pipelines:
  train:
    steps:
      fit:
        run: flows/churn.py:fit
        inputs: {train: datasets.customers}
        outputs: {model: model}
"""

ENTRIES = (
    Entry(
        "MS601",
        "a path that leaves the project",
        "A path is absolute, starts at home, uses backslashes, or leads out of the root, also through a link; or "
        "`root:` names a folder that does not hold the spec.",
        "A spec means the same on every machine, and reads nothing that the project does not hold.",
        "datasets:\n  customers: {source: /data/customers.csv}\n",
        "datasets:\n  customers: {source: data/customers.csv}\n",
        ("MS205",),
    ),
    Entry(
        "MS602",
        "a literal where a secret belongs",
        "A hook, a token, the connection of a query or the credentials of a remote are written as text, or an address "
        "holds a password, or `${{ env.NAME }}` would put in a variable that is named like a secret. Declare where it "
        "lies under `secrets`, and write `secrets.name`.",
        "What stands in a spec is in Git, in every run and in every copy of it.",
        'notify:\n  chat: {url: "https://hooks.example.org/T000/B000", events: [gate.failed]}\n',
        "secrets: {chat_hook: {env: CHAT_HOOK}}\nnotify:\n  chat: {url: secrets.chat_hook, events: [gate.failed]}\n",
        ("MS603", "MS208"),
    ),
    Entry(
        "MS603",
        "this looks like a secret",
        "A text has the form of a well-known token, of a private key or of an address with a password; or a variable "
        "that is named like a secret has a literal value.",
        "Once committed it is known. Name where it lies under `secrets`, give it to a step with "
        "`env: {NAME: secrets.name}`, and change the secret.",
        _FIT + "        env: {DB_PASSWORD: hunter2}\n",
        "secrets: {database: {env: DB_PASSWORD}}\n" + _FIT + "        env: {DB_PASSWORD: secrets.database}\n",
        ("MS602",),
    ),
)
