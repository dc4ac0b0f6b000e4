"""Git-like work on tracked files: one verb, one file, over the store's bytes and the registry's names."""
