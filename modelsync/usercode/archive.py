"""A model as a skops archive: the same model gives the same bytes, and nothing that could run code is loaded."""

from __future__ import annotations

import io
import json
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from modelsync.core.errors import DamageError
from modelsync.usercode import trees

if TYPE_CHECKING:
    import numpy as np

# Parts of scikit-learn's own estimators that skops does not trust by itself. None runs code that an archive brings:
# most are plain Python that holds parameters, or functions that only compute; the two kinds of tree are compiled code
# that follows indices in an array, so `trees.check` looks at every index before a tree is made.
_KERNELS = (
    "CompoundKernel",
    "ConstantKernel",
    "DotProduct",
    "ExpSineSquared",
    "Exponentiation",
    "Hyperparameter",
    "Matern",
    "Product",
    "RBF",
    "RationalQuadratic",
    "Sum",
    "WhiteKernel",
)
_SCORES = ("chi2", "f_classif", "f_regression", "r_regression")
TRUSTED = (
    "numpy.dtype",
    "numpy.mean",
    "numpy.median",
    *sorted(trees.KINDS),
    "sklearn._loss.loss.HalfTweedieLossIdentity",
    "sklearn.calibration._CalibratedClassifier",
    "sklearn.calibration._SigmoidCalibration",
    "sklearn.compose._column_transformer.make_column_selector",
    "sklearn.gaussian_process._gpc._BinaryGaussianProcessClassifierLaplace",
    *(f"sklearn.gaussian_process.kernels.{kernel}" for kernel in _KERNELS),
    *(f"sklearn.feature_selection._univariate_selection.{score}" for score in _SCORES),
    "sklearn.feature_selection._mutual_info.mutual_info_classif",
    "sklearn.feature_selection._mutual_info.mutual_info_regression",
    "sklearn.neural_network._stochastic_optimizers.AdamOptimizer",
    "sklearn.neural_network._stochastic_optimizers.SGDOptimizer",
)
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip can hold
_SCHEMA = "schema.json"


def pack(model: Any) -> bytes:
    """The archive of `model`. Raises what skops raises for an object it can't write."""
    import skops.io

    return _same_bytes(skops.io.dumps(model))


def untrusted(data: bytes) -> list[str]:
    """The types in an archive that would not be loaded."""
    import skops.io

    found: list[str] = skops.io.get_untrusted_types(data=data)
    return sorted(set(found) - set(TRUSTED))


def unpack(file: Path) -> Any:
    """The model in an archive, of trusted types only; DamageError for anything else or for bytes that are not whole."""
    import skops.io
    from skops.io.exceptions import UntrustedTypesFoundException

    way_out = "run the step that made it again, or fetch the version from a remote that you trust"
    try:
        data = file.read_bytes()
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            trees.check(json.loads(archive.read(_SCHEMA)), lambda name: _load(archive, name))
        return skops.io.loads(data, trusted=list(TRUSTED))
    except UntrustedTypesFoundException as error:
        raise DamageError(f"`{file}` holds types that are not trusted: {error}", help=way_out) from error
    except Exception as error:  # spoiled bytes can make any of the readers raise anything
        raise DamageError(f"`{file}` is not a model that ModelSync wrote: {error}", help=way_out) from error


def _same_bytes(data: bytes) -> bytes:
    """The archive without what differs from save to save: memory addresses, clocks, padding, the order of sets."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w") as archive:
        schema = json.loads(source.read(_SCHEMA))
        names = _number(schema)
        for old, new in names.items():
            archive.writestr(_member(new), _without_padding(new, source.read(old)))
        archive.writestr(_member(_SCHEMA), json.dumps(schema, separators=(",", ":")))
    return target.getvalue()


def _member(name: str) -> zipfile.ZipInfo:
    return zipfile.ZipInfo(name, _EPOCH)


def _number(schema: dict[str, Any]) -> dict[str, str]:
    """Rename objects and files by the order in which they appear; only objects that appear twice keep a number."""
    _sort_sets(schema)
    seen = Counter(node["__id__"] for node in _nodes(schema) if "__id__" in node)
    numbers: dict[int, int] = {}
    files: dict[str, str] = {}
    for node in _nodes(schema):
        old = node.pop("__id__", None)
        if old is not None and seen[old] > 1 and node.get("__loader__") != "JsonNode":
            node["__id__"] = numbers.setdefault(old, len(numbers) + 1)
        if isinstance(node.get("file"), str):
            name = node["file"]
            node["file"] = files.setdefault(name, f"{len(files)}{Path(name).suffix}")
    return files


def _sort_sets(schema: dict[str, Any]) -> None:
    for node in _nodes(schema):
        if node.get("__loader__") == "SetNode":
            node["content"].sort(key=lambda item: json.dumps({key: item[key] for key in item if key != "__id__"}))


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    """Every object in the schema, in the order of the file, without recursion (a model may be deep)."""
    waiting = [value]
    while waiting:
        current = waiting.pop()
        if isinstance(current, dict):
            if "__loader__" in current:
                yield current
            waiting.extend(reversed(list(current.values())))
        elif isinstance(current, list):
            waiting.extend(reversed(current))


def _without_padding(name: str, data: bytes) -> bytes:
    """An array whose bytes between fields, which hold whatever the memory held before, are zero."""
    if not name.endswith(".npy"):
        return data
    import numpy as np

    array = np.load(io.BytesIO(data), allow_pickle=False)
    if array.dtype.names is None:
        return data
    clean = np.zeros(array.shape, array.dtype)
    for field in array.dtype.names:
        clean[field] = array[field]
    buffer = io.BytesIO()
    np.save(buffer, clean, allow_pickle=False)
    return buffer.getvalue()


def _load(archive: zipfile.ZipFile, name: str) -> np.ndarray[Any, Any]:
    import numpy as np

    return np.load(io.BytesIO(archive.read(name)), allow_pickle=False)  # type: ignore[no-any-return]
