"""Stores elsewhere: packs and references in a bucket, a folder, or behind HTTP, moved by push and pull."""
