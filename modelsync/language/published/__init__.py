"""The language as others read it: a JSON Schema for editors, a page for people."""
