"""Functions that the specs of the corpus name; never run."""

from typing import Any


def features(train: Any, test: Any, *, horizon: int = 30) -> dict[str, Any]:
    """Two tables with features."""
    return {"train": train, "test": test, "horizon": horizon}


def fit(train: Any, *, learner: str = "gbm", seed: int = 0) -> Any:
    """A model."""
    return (train, learner, seed)


def evaluate(model: Any, test: Any) -> dict[str, float]:
    """Metrics."""
    return {"roc_auc": float(len(model) > len(test))}


def floor(model: Any, data: Any, *, floor: float) -> bool:
    """A gate's own check."""
    return len(model) * floor > len(data)
