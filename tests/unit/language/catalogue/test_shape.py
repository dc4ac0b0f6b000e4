"""Each bad example has its code, each good one nothing to mend."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from modelsync.language.catalogue.entry import Entry
from modelsync.language.catalogue.shape import ENTRIES


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.code)
def test_the_examples_show_what_they_say(entry: Entry, proves: Callable[[Entry], None]) -> None:
    proves(entry)
