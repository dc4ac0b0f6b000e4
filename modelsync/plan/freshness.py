"""How old the newest content of a dataset may be."""

from __future__ import annotations

from datetime import datetime

from modelsync.core.units import say_seconds, written


def too_old(max_age: float, modified: datetime | None, now: datetime) -> str:
    """Why content of that time is not fresh, empty when it is; `max_age` in seconds.

    Content whose time nobody knows is not fresh: a promise that can't be checked does not hold.
    """
    limit = written(max_age)
    if modified is None:
        return f"its source gives no time, so nobody knows whether it is younger than `max_age: {limit}`"
    age = (now - modified).total_seconds()
    return f"its newest content is {say_seconds(age)} old, more than `max_age: {limit}`" if age > max_age else ""
