"""How far a long piece of work is: a bar with rate and time left on a terminal, nothing anywhere else."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def bar(what: str, then: str = "") -> Iterator[Callable[[int, int | None], None]]:
    """A function that is told the bytes done and the bytes there are (None: nobody knows).

    When all have come, or counting begins anew, the bar says `then`. It is gone when the block ends.
    """
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.console import Console  # 80 ms, and only a person at a terminal waits for it
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

    shown = Progress(
        TextColumn("{task.description}"),
        BarColumn(24),
        DownloadColumn(binary_units=True),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    with shown:
        task = shown.add_task(what, total=None)
        said, last = what, 0

        def tell(done: int, total: int | None) -> None:
            nonlocal said, last
            if then and said == what and (done < last or (total is not None and done >= total)):
                said = then
                shown.reset(task, total=None, description=then)
            if said == what or done < (total or 0):
                shown.update(task, completed=done, total=total)
            last = done

        yield tell
