"""Built-in checks: tables and models in, a verdict out; no files, no clock."""
