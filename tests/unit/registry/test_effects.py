from __future__ import annotations

from modelsync.core.version import Version
from modelsync.registry.effects import effect_key


def test_the_same_effect_has_the_same_key() -> None:
    assert effect_key("register", "credit", {"b": 1, "a": 2}) == effect_key("register", "credit", {"a": 2, "b": 1})
    assert len(effect_key("register")) == 64


def test_kind_parts_and_their_order_all_count() -> None:
    keys = [
        effect_key("register", "credit", "0.1.0"),
        effect_key("promote", "credit", "0.1.0"),
        effect_key("register", "0.1.0", "credit"),
        effect_key("register", "credit0.1.0"),
        effect_key("register", "credit", "0.1.0", None),
        effect_key("register", "credit", "0.1.1"),
    ]
    assert len(set(keys)) == len(keys)
    assert effect_key("register", "credit", Version(0, 1, 0)) == effect_key("register", "credit", Version(0, 1, 0))
