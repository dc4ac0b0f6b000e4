"""`fmt`: the one layout of a spec."""
