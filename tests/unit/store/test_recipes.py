from __future__ import annotations

import pytest

from modelsync.store.recipes import Recipe

FILE, A, B = b"f" * 32, b"a" * 32, b"b" * 32
RECIPE = Recipe(((A, 70_000), (B, 5), (A, 70_000)))


def test_a_recipe_comes_back() -> None:
    assert Recipe.decode(RECIPE.encode(FILE), FILE) == RECIPE
    assert (RECIPE.size, RECIPE.ids) == (140_005, {A, B})


def test_every_flipped_bit_and_every_cut_is_noticed() -> None:
    data = RECIPE.encode(FILE)
    for at in range(len(data)):
        broken = bytearray(data)
        broken[at] ^= 16
        with pytest.raises(ValueError, match="not the recipe"):
            Recipe.decode(bytes(broken), FILE)
        with pytest.raises(ValueError, match="not the recipe"):
            Recipe.decode(data[:at], FILE)


def test_the_recipe_of_another_file_is_refused() -> None:
    with pytest.raises(ValueError, match="not the recipe"):
        Recipe.decode(RECIPE.encode(FILE), A)
