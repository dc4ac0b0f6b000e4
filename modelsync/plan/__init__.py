"""The spec and what exists already, made into a plan: what will run, what is reused, and why. Pure data."""
