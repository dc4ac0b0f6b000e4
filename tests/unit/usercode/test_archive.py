from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import skops.io
from sklearn.base import BaseEstimator
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.feature_selection import SelectKBest
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from modelsync.core.errors import DamageError
from modelsync.usercode import archive

X = np.random.default_rng(0).normal(size=(60, 3))
Y = np.where(X[:, 0] > 0.2, "yes", "no")

LEARNERS: list[Callable[[], Any]] = [
    LogisticRegression,
    lambda: RandomForestClassifier(n_estimators=3, random_state=1),
    lambda: HistGradientBoostingClassifier(max_iter=3, random_state=1),
    lambda: make_pipeline(SimpleImputer(), StandardScaler(), SelectKBest(k=2), LogisticRegression()),
]


def stored(model: Any, tmp_path: Path) -> Path:
    file = tmp_path / "model.skops"
    file.write_bytes(archive.pack(model))
    return file


@pytest.mark.parametrize("make", LEARNERS)
def test_fitted_twice_is_the_same_bytes_and_predicts_the_same(make: Callable[[], Any], tmp_path: Path) -> None:
    model = make().fit(X, Y)
    data = archive.pack(model)
    assert archive.untrusted(data) == []
    assert archive.pack(make().fit(X, Y)) == data
    loaded = archive.unpack(stored(model, tmp_path))
    assert (loaded.predict(X) == model.predict(X)).all()
    assert archive.pack(loaded) == data


def test_another_model_is_other_bytes() -> None:
    assert archive.pack(LogisticRegression(C=1).fit(X, Y)) != archive.pack(LogisticRegression(C=2).fit(X, Y))


def test_skops_alone_would_not_give_the_same_bytes() -> None:
    model = LogisticRegression().fit(X, Y)
    assert skops.io.dumps(model) != skops.io.dumps(LogisticRegression().fit(X, Y))


def test_the_order_of_sets_does_not_matter() -> None:
    one, two = LogisticRegression().fit(X, Y), LogisticRegression().fit(X, Y)
    one.words_, two.words_ = {0, 8}, {8, 0}
    assert list(one.words_) != list(two.words_), "equal sets that Python walks in different orders"
    assert archive.pack(one) == archive.pack(two)


def test_bytes_inside_and_shared_objects_survive(tmp_path: Path) -> None:
    model = LogisticRegression().fit(X, Y)
    model.note_, model.shared_ = b"raw", [model.coef_, model.coef_]
    loaded = archive.unpack(stored(model, tmp_path))
    assert loaded.note_ == b"raw"
    assert loaded.shared_[0] is loaded.coef_
    assert loaded.shared_[1] is loaded.coef_
    model.note_ = b"ra" + b"w"
    assert archive.pack(model) == stored(model, tmp_path).read_bytes()


def test_words_in_an_encoder_survive(tmp_path: Path) -> None:
    words = np.array([["a"], ["b"], ["a"]], dtype=object)
    encoder = OneHotEncoder().fit(words)
    loaded = archive.unpack(stored(encoder, tmp_path))
    assert (loaded.transform(words).toarray() == encoder.transform(words).toarray()).all()


class Own(BaseEstimator):  # type: ignore[misc]  # scikit-learn ships no types
    """A class that nobody trusts."""


def test_own_types_and_compiled_search_trees_are_untrusted(tmp_path: Path) -> None:
    assert [name.split(".")[-1] for name in archive.untrusted(archive.pack(Own()))] == ["Own"]
    neighbours = KNeighborsClassifier(algorithm="kd_tree").fit(X, Y)
    assert "sklearn.neighbors._kd_tree.KDTree" in archive.untrusted(archive.pack(neighbours))
    with pytest.raises(DamageError, match="types that are not trusted"):
        archive.unpack(stored(neighbours, tmp_path))


@pytest.mark.parametrize("data", [b"", b"not a zip", b"PK\x03\x04"])
def test_bytes_that_are_no_archive(data: bytes, tmp_path: Path) -> None:
    file = tmp_path / "model.skops"
    file.write_bytes(data)
    with pytest.raises(DamageError, match="is not a model that ModelSync wrote") as info:
        archive.unpack(file)
    assert info.value.help


def test_a_missing_file_and_an_empty_schema(tmp_path: Path) -> None:
    file = tmp_path / "model.skops"
    with pytest.raises(DamageError):
        archive.unpack(file)
    schemas: list[Any] = [{}, {"protocol": 2}, [], {"protocol": 99}]
    for schema in schemas:
        with zipfile.ZipFile(file, "w") as target:
            target.writestr("schema.json", json.dumps(schema))
        with pytest.raises(DamageError):
            archive.unpack(file)


def test_a_truncated_archive(tmp_path: Path) -> None:
    file = stored(LogisticRegression().fit(X, Y), tmp_path)
    file.write_bytes(file.read_bytes()[:-200])
    with pytest.raises(DamageError):
        archive.unpack(file)


def test_a_tree_that_leads_out_of_its_memory_is_not_loaded(tmp_path: Path) -> None:
    file = stored(RandomForestClassifier(n_estimators=1, random_state=1).fit(X, Y), tmp_path)
    changed = io.BytesIO()
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(changed, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name.endswith(".npy"):
                array = np.load(io.BytesIO(data))
                if array.dtype.names:
                    array["left_child"][0] = 1 << 40
                    buffer = io.BytesIO()
                    np.save(buffer, array)
                    data = buffer.getvalue()
            target.writestr(name, data)
    file.write_bytes(changed.getvalue())
    with pytest.raises(DamageError, match="a branch that leads out of it"):
        archive.unpack(file)
