"""Bytes by their digest: this room stores, checks and gives back content, and knows no names."""
