"""Changes in the text of a spec that keep the rest of it."""
