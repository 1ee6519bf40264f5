"""Which annotation of a task counts, for whoever reads finished work: see `choose_annotation`."""
