"""What keeps the libraries that we stand on from phoning home: settings that must be there before they are imported."""

from __future__ import annotations

import os
from collections.abc import Mapping

SETTINGS: Mapping[str, str] = {
    # The one word that every library here takes for "do not phone home" is `true`; `1` is not enough for MLflow.
    "DO_NOT_TRACK": "true",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "GX_ANALYTICS_ENABLED": "false",
}


def keep() -> None:
    """Set them in this process, which its children inherit; what the person has set stays."""
    for name, value in SETTINGS.items():
        os.environ.setdefault(name, value)
