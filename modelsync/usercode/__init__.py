"""The one door through which a user's functions come in, and how the objects they return become files."""
