"""Versions of data: one verb, one file, over the intake of the engine, the store's bytes and the registry's facts."""
