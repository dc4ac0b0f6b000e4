"""Tables as Parquet: the same table gives the same bytes, and what is read is what was written."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from modelsync.core.errors import StepError
from modelsync.usercode.kinds.paths import replace, said

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

_WAY_OUT = "return a pandas.DataFrame or a pyarrow.Table"


def write(value: Any, stem: Path) -> tuple[Path, dict[str, Any]]:
    """A DataFrame, an Arrow table, or anything that hands over Arrow data, as `<stem>.parquet`.

    A named index becomes ordinary columns; an unnamed one only numbers the rows and is left out. The facts are the
    number of rows and the names of the columns.
    """
    import pyarrow.parquet as pq

    table = _arrow(value)
    path = replace(
        stem.with_name(stem.name + ".parquet"), lambda partial: pq.write_table(table, partial, compression="zstd")
    )
    return path, {"rows": table.num_rows, "columns": list(table.column_names)}


def read(path: Path) -> pd.DataFrame:
    """The table as a DataFrame with its rows numbered from 0."""
    import pyarrow.parquet as pq

    frame: pd.DataFrame = pq.read_table(path).to_pandas()
    return frame


def _arrow(value: Any) -> pa.Table:
    import pandas as pd
    import pyarrow as pa

    if isinstance(value, pd.Series):
        raise StepError("a Series was returned", help="name it and return it as a table: series.to_frame('name')")
    if isinstance(value, pd.DataFrame):
        return _from_frame(value)
    if isinstance(value, pa.Table):
        _require_names(value.column_names)
        return value
    if hasattr(value, "__arrow_c_stream__"):
        table = pa.table(value)
        _require_names(table.column_names)
        return table
    way_out = "make it a table: pandas.DataFrame(...)" if isinstance(value, dict | list | tuple) else _WAY_OUT
    raise StepError(f"{said(value)} was returned", help=way_out)


def _from_frame(frame: pd.DataFrame) -> pa.Table:
    import pyarrow as pa

    kept = [name for name in frame.index.names if name is not None]
    _require_names([*kept, *frame.columns])
    if kept:
        frame = frame.reset_index(level=kept)
    try:
        return pa.Table.from_pandas(frame, preserve_index=False)
    except (pa.ArrowException, TypeError) as error:
        raise StepError(
            f"a column can't be stored: {' '.join(str(each) for each in error.args)}",
            help="give every column one type, for example with astype()",
        ) from error


def _require_names(names: list[Any]) -> None:
    for name, count in Counter(names).items():
        if not isinstance(name, str):
            raise StepError(f"column {name!r} has no text as its name", help="rename it: table.columns = [...]")
        if count > 1:
            raise StepError(f"{count} columns are named `{name}`", help="rename or drop all but one")
