"""Every name and every fact: an append-only journal, folded into what is true now, and mirrored to MLflow."""
