"""What a function gave back, taken apart by the names of the outputs that its step declares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from modelsync.core.artifacts import OutputType
from modelsync.core.errors import StepError
from modelsync.core.nearest import nearest


def spread(value: Any, outputs: Mapping[str, OutputType], label: str) -> dict[str, Any]:
    """One object for each declared output, in declared order.

    With one output the function may return the object itself or `{name: object}`; with several it returns a mapping
    by name, or a tuple in declared order. StepError, naming what is missing or too many, otherwise.
    """
    if not outputs:
        return {}
    if len(outputs) == 1:
        (name, declared), *_ = outputs.items()
        return {name: value[name] if _is_wrapped(value, name, declared) else value}
    if isinstance(value, tuple):
        return _by_place(value, outputs, label)
    if isinstance(value, Mapping):
        return _by_name(value, outputs, label)
    listed = _listed(outputs)
    got = "nothing (None)" if value is None else f"one {type(value).__name__}"
    raise StepError(
        f"`{label}` declares the outputs {listed} but returned {got}",
        help=f"return a mapping by name: {{{', '.join(f'{name!r}: ...' for name in outputs)}}}",
    )


def _is_wrapped(value: Any, name: str, declared: OutputType) -> bool:
    """Whether `{name: object}` was meant; `{"loss": 0.1}` for metrics named `loss` are the metrics themselves."""
    if not isinstance(value, Mapping) or list(value) != [name]:
        return False
    if declared in (OutputType.METRICS, OutputType.JSON):
        return isinstance(value[name], Mapping)
    return True


def _by_name(value: Mapping[Any, Any], outputs: Mapping[str, OutputType], label: str) -> dict[str, Any]:
    missing = [name for name in outputs if name not in value]
    extra = [str(name) for name in value if name not in outputs]
    if missing or extra:
        parts = [f"{_listed(missing)} missing" if missing else "", f"{_listed(extra)} not declared" if extra else ""]
        close = nearest(extra[0], missing) if extra else ""
        way_out = f"is `{extra[0]}` meant to be `{close}`?" if close else "name the same outputs in spec and function"
        said = f"`{label}` returned other outputs than declared: {', '.join(part for part in parts if part)}"
        raise StepError(said, help=way_out)
    return {name: value[name] for name in outputs}


def _by_place(value: Sequence[Any], outputs: Mapping[str, OutputType], label: str) -> dict[str, Any]:
    if len(value) != len(outputs):
        raise StepError(
            f"`{label}` declares {len(outputs)} outputs ({_listed(outputs)}) but returned {len(value)}",
            help="return one object for each, in this order, or a mapping by name",
        )
    return dict(zip(outputs, value, strict=True))


def _listed(names: Mapping[str, OutputType] | Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
