"""One function for each verb: all that a face or a notebook calls."""
