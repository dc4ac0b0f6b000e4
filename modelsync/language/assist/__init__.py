"""What an editor asks of a spec: what stands here, what may stand here, where it is declared, where it is used."""
