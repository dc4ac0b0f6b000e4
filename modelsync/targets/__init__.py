"""Where a model runs: each target starts, watches, routes and stops releases, and decides nothing."""
