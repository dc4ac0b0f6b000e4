"""A picture with its caption."""

from __future__ import annotations

from modelsync.gates.page.markup import Child, Markup, join, tag

BEFORE_AND_NOW = join(
    tag("span", class_="key", aria_hidden="true"),
    "reference",
    tag("span", class_="key now", aria_hidden="true"),
    "now",
)


def figure(said: Child, drawn: Child, small: Child = "", class_: str | None = None) -> Markup:
    """What is shown, then what should be known of it in smaller letters, then the picture."""
    under = tag("span", small, class_="muted") if small else None
    return tag("figure", tag("figcaption", said, under), drawn, class_=class_)
