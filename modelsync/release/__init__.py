"""Rules, pure: which bump a change deserves, and whether a version may enter a stage."""
