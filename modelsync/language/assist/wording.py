"""A shape of the language in words: what a person may write there."""

from __future__ import annotations

import math

from modelsync.language.shapes import (
    Builtin,
    Choice,
    Condition,
    Duration,
    Either,
    Fields,
    File,
    Flag,
    Function,
    Kinds,
    Many,
    Matrix,
    Named,
    Number,
    Reference,
    Secret,
    Shape,
    Size,
    Text,
    Validator,
)

_FORMS = {
    "datasets": "`datasets.name`",
    "outputs": "`pipelines.pipeline.step.output` (inside its pipeline `steps.step.output`)",
    "models": "`models.name`",
    "steps": "`pipelines.pipeline.step`",
    "live": "`deployment.requests`",
}
_SIMPLE: dict[type, str] = {
    Duration: "a duration such as `30s`, `15m`, `2d`",
    Size: "a size such as `512MiB`, `2GiB`",
    Function: "a function, `folder/file.py:function`",
    Validator: "a function, `validators/file.py:function`, or the name of a validator of an installed package",
    Builtin: "a step that ModelSync brings, such as `builtin/split`",
    File: "a file below the root",
    Condition: "a condition, such as `metrics.roc_auc >= 0.82`",
    Matrix: "values by axis, such as `{seed: [1, 2]}`, with `include` and `exclude`",
    Kinds: "a mapping whose keys depend on its `kind`",
}


def expected(shape: Shape) -> str:
    """What may stand there, in words; empty where the sentence of the key says enough."""
    match shape:
        case Choice():
            return " or ".join(f"`{word}`" for word in shape.words)
        case Flag():
            *most, last = ("true", "false", *(f"`{word}`" for word in shape.words))
            return f"{', '.join(most)} or {last}"
        case Number():
            return _number(shape)
        case Text():
            return shape.expected or (f"text such as `{shape.example}`" if shape.example else "text")
        case Reference():
            forms = [*(f"`{word}`" for word in shape.words), *(_FORMS[head] for head in shape.heads)]
            return f"a reference: {', or '.join(forms)}"
        case Secret():
            return "`secrets.name`" + (" or a text" if shape.or_text else "")
        case Many():
            said = expected(shape.item)
            return f"a list{' or one alone' if shape.one else ''}" + (f"; each is {said}" if said else "")
        case Named():
            return f"a mapping, one {shape.title} for each name"
        case Fields():
            short = f", or `{shape.short}` alone" if shape.short else ""
            return f"a mapping with {', '.join(f'`{key}`' for key in shape.keys)}{short}"
        case Either():
            return f"{expected(shape.scalar)}, or {expected(shape.mapping)}"
    return _SIMPLE.get(type(shape), "")


def _number(shape: Number) -> str:
    kind = "a whole number" if shape.whole else "a number"
    unit = f" of {shape.unit}" if shape.unit in ("rows",) else f" in {shape.unit}" if shape.unit else ""
    low, high = shape.low > -math.inf, shape.high < math.inf
    bounds = f" from {shape.low:g} to {shape.high:g}" if low and high else f", at least {shape.low:g}" if low else ""
    return f"{kind}{unit}{bounds}"
