"""The entries of `checks:` in a gate: one shape for each kind of gate that has them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from modelsync.language.decode import model_checks, table_checks
from modelsync.language.shapes import Expectations, Shape

SHAPES: Mapping[str, Shape] = MappingProxyType(
    {
        "quality": Expectations(),
        "missing": table_checks.MISSING,
        "outliers": table_checks.OUTLIERS,
        "freshness": table_checks.FRESHNESS,
        "drift": table_checks.DRIFT,
        "target_drift": table_checks.VALUE_DRIFT,
        "prediction_drift": table_checks.VALUE_DRIFT,
        "performance": model_checks.PERFORMANCE,
        "champion": model_checks.CHAMPION,
        "stability": model_checks.STABILITY,
        "calibration": model_checks.CALIBRATION,
        "residuals": model_checks.RESIDUALS,
        "fairness": model_checks.FAIRNESS,
    }
)
"""What one entry is, by the kind of the gate."""
