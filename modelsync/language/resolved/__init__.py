"""A spec as it will be used, written down: what is in force, and where each line of it comes from."""
