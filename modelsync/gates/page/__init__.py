"""Our own page of a gate's verdict: one HTML file that needs no network, no script and nothing beside it."""
