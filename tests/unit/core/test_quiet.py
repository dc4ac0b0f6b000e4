"""The settings are there unless a person has decided otherwise."""

from __future__ import annotations

import os

import pytest

from modelsync.core import quiet


def test_what_a_person_has_set_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in quiet.SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DO_NOT_TRACK", "no")
    quiet.keep()
    assert {name: os.environ[name] for name in quiet.SETTINGS} == {**quiet.SETTINGS, "DO_NOT_TRACK": "no"}
