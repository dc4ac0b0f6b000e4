"""`dataset tag`: words to find a version by."""

from __future__ import annotations

import re
from collections.abc import Sequence

from modelsync.api.datasets.looking import version
from modelsync.api.versions import git
from modelsync.core.errors import UsageError
from modelsync.engine.workspace import Workspace
from modelsync.registry import facts
from modelsync.registry.records import DatasetNote, DatasetVersion

_TAG = re.compile(r"[\w][\w.:/-]{0,63}")


def tag(workspace: Workspace, text: str, add: Sequence[str], remove: Sequence[str] = ()) -> DatasetVersion:
    """A version with more tags, or fewer; the change is recorded with who made it.

    UsageError for a version that does not exist, a word that is no tag, and a tag to remove that is not there.
    """
    found = version(workspace, text)
    for word in add:
        if not _TAG.fullmatch(word):
            raise UsageError(f"`{word}` is no tag", help="letters, digits and _ . : / -, at most 64")
    lost = next((word for word in remove if word not in found.tags), None)
    if lost is not None:
        known = ", ".join(found.tags) or "none"
        raise UsageError(f"{found.spelled} has no tag `{lost}`", help=f"its tags: {known}")
    wanted = tuple(word for word in dict.fromkeys((*found.tags, *add)) if word not in remove)
    if wanted != found.tags:
        note = DatasetNote(found.dataset, found.version, wanted, None, git.author(workspace.root))
        facts.dataset_noted(workspace.journal, note)
    return version(workspace, found.spelled)
