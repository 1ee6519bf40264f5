"""Places in a text that somebody meant to fill in, and texts that stand in for one.

Open first: `marked` and `labels`, for what stands between brackets; then `signs`, `notes`, `filler`,
and `stand_ins` for whole answers.
"""
