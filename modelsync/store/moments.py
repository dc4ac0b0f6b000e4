"""How long ago something happened, also when somebody set the clock meanwhile."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Self

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time: seconds since 1970 by the wall clock, and seconds since the start of the machine `boot` names.

    `boot` is empty where the system does not say it.
    """

    wall: float
    boot: str
    since_boot: float

    @classmethod
    def now(cls) -> Self:
        """The present."""
        try:
            boot = _BOOT_ID.read_text().strip()
            since_boot = time.clock_gettime(time.CLOCK_BOOTTIME)
        except (OSError, AttributeError):  # not Linux: the wall clock is all there is
            boot, since_boot = "", 0.0
        return cls(time.time(), boot, since_boot)

    def since(self, earlier: Moment) -> float:
        """Seconds from `earlier` to this moment, never negative; by the wall clock only across a restart."""
        if self.boot and self.boot == earlier.boot:
            return max(0.0, self.since_boot - earlier.since_boot)
        return max(0.0, self.wall - earlier.wall)
