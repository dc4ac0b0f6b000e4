"""Everything that is held to be true of ModelSync. A package of its own, so that no library can stand in its place."""
