"""One file for each family of output types: how its objects are written and read."""
