"""The language server: what editors ask, answered over the Language Server Protocol."""
