"""The spec as a language: text to nodes, nodes to typed values, rules, and what is wrong with it, where."""
