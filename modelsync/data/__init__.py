"""Tables: reading and writing them, describing them, and holding them to their contract."""
