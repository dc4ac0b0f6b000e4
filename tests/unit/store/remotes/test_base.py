from __future__ import annotations

from modelsync.store.remotes.base import Access


def test_secrets_are_not_shown() -> None:
    assert "hidden" not in repr(Access("https://host", "region", {"secret_access_key": "hidden"}))
