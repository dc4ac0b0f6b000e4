"""Nodes to the typed Spec: one file for each section, every fault collected."""
