"""One function per verb that moves data between this project and its remotes."""
