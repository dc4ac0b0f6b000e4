"""Writes the tables of the examples from those that scikit-learn brings: `python export_tables.py [FOLDER]`."""

import sys
from pathlib import Path
from typing import Any

import pandas as pd
from sklearn.datasets import load_breast_cancer, load_iris, load_wine

MEASURED = 10  # of the tumour table: the means, without their errors and the worst cells
HALF = 284  # of its 569 rows


def export(folder: Path) -> None:
    """Write every table below `folder`, in the order of the source, with a key and a label that reads."""
    tumours = _readable(load_breast_cancer(as_frame=True), key="tumour", label="diagnosis", features=MEASURED)
    flowers = _readable(load_iris(as_frame=True), key="flower", label="species")
    tables = {
        "diagnostics/data/iris.csv": flowers,
        "review/data/iris.csv": flowers,
        "datasets/data/iris.csv": flowers,
        "data_versions/data/iris.csv": flowers,
        "semantic_versions/data/wine.csv": _readable(load_wine(as_frame=True), key="wine", label="cultivar"),
        "gates/data/earlier.csv": tumours.iloc[:HALF],
        "gates/data/later.csv": tumours.iloc[HALF:],
    }
    for path, table in tables.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        table.to_csv(target, index=False, lineterminator="\n")


def _readable(bunch: Any, *, key: str, label: str, features: int | None = None) -> pd.DataFrame:
    table: pd.DataFrame = bunch["data"].iloc[:, :features]
    table.columns = [_word(name) for name in table.columns]
    table.insert(0, key, range(1, len(table) + 1))
    return table.assign(**{label: [bunch["target_names"][code] for code in bunch["target"]]})


def _word(name: str) -> str:
    return name.removesuffix(" (cm)").replace("/", "_").replace(" ", "_")


if __name__ == "__main__":
    export(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
