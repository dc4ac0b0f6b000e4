"""YAML text and the values in it, with the place of each: reading, laying open, writing."""
