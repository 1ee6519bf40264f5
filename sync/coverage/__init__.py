"""What a data set should hold, what it lacks, and which tasks are wanted first.

Records and `[targets]` come in; gaps, a heat map and new scores for waiting drafts come out. How an
export makes up for a gap stands in `sync.dataset.release.balancing`.
Open first: `gaps`.
"""
