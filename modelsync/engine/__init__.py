"""The plan carried out: the only room that knows Prefect."""
