"""What holds for all tests: properties are tried on the same cases every time, so that a red suite is red for a reason.

`HYPOTHESIS_PROFILE=wander` looks for new ones.
"""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("steady", derandomize=True, database=None)
settings.register_profile("wander")
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))
