from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier

from modelsync.usercode import archive, trees

X = np.random.default_rng(0).normal(size=(80, 3))
X[:, 2] = np.arange(80) % 4  # a category
Y = ((X[:, 0] > 0) ^ (X[:, 2] == 1)).astype(int)


class Opened:
    """The schema of a model and its arrays, to be spoiled."""

    def __init__(self, model: Any) -> None:
        with zipfile.ZipFile(io.BytesIO(archive.pack(model))) as source:
            self.schema = json.loads(source.read("schema.json"))
            self.arrays = {
                name: np.load(io.BytesIO(source.read(name))) for name in source.namelist() if name.endswith(".npy")
            }

    def check(self) -> None:
        trees.check(self.schema, self.arrays.__getitem__)

    def nodes(self) -> Any:
        return next(array for array in self.arrays.values() if array.dtype.names)


def forest() -> Opened:
    return Opened(RandomForestClassifier(n_estimators=1, random_state=0).fit(X, Y))


def boosted() -> Opened:
    learner = HistGradientBoostingClassifier(max_iter=1, min_samples_leaf=2, categorical_features=[2])
    return Opened(learner.fit(X, Y))


@pytest.mark.parametrize("make", [forest, boosted])
def test_honest_trees_pass(make: Callable[[], Opened]) -> None:
    make().check()


@pytest.mark.parametrize(
    ("make", "field", "value", "said"),
    [
        (forest, "left_child", 10_000, "leads out of it"),
        (forest, "right_child", 0, "leads out of it"),
        (forest, "right_child", -7, "leads out of it"),
        (forest, "feature", 3, "a column which the model does not have"),
        (forest, "feature", -1, "a column which the model does not have"),
        (boosted, "left", 10_000, "leads out of it"),
        (boosted, "right", 0, "leads out of it"),
        (boosted, "feature_idx", 3, "a column which the model does not have"),
        (boosted, "feature_idx", -1, "a column which the model does not have"),
    ],
)
def test_an_index_out_of_place(make: Callable[[], Opened], field: str, value: int, said: str) -> None:
    opened = make()
    opened.nodes()[field][0] = value
    with pytest.raises(ValueError, match=said):
        opened.check()


def test_a_category_set_that_is_not_there() -> None:
    opened = boosted()
    nodes = opened.nodes()
    assert nodes["is_categorical"].any(), "the example needs a split by category"
    nodes["bitset_idx"][nodes["is_categorical"] == 1] = 99
    with pytest.raises(ValueError, match="category set"):
        opened.check()


def test_a_number_of_nodes_that_is_not_true() -> None:
    opened = forest()
    for name, array in opened.arrays.items():
        if array.dtype.names:
            opened.arrays[name] = array[:-1]
    with pytest.raises(ValueError, match="states"):
        opened.check()


@pytest.mark.parametrize("spoiled", [np.zeros(0), np.zeros(3), np.zeros((2, 2))])
def test_nodes_that_are_no_list(spoiled: Any) -> None:
    opened = forest()
    for name, array in opened.arrays.items():
        if array.dtype.names:
            opened.arrays[name] = spoiled
    with pytest.raises(ValueError, match="without a list of nodes"):
        opened.check()


def test_an_inner_tree_must_not_look_beyond_the_outer_columns() -> None:
    """A forest hands its checked rows on unchecked: a wider inner tree would read beyond them."""
    model = RandomForestClassifier(n_estimators=1, random_state=0).fit(X, Y)
    model.n_features_in_ = 1
    with pytest.raises(ValueError, match="a column which the model does not have"):
        Opened(model).check()
