"""How likely an expert is to accept a draft unchanged.

Signals of a draft come in, one probability comes out: by a fixed combination of them before
anybody has annotated (the prior), and by what experts did with earlier drafts of the project (the
calibrator) while that predicts held-back work better. Both sides ask here: the backend for new
drafts, `labeltune rank` for those that wait.
Open first: `acceptance`, then `fit`.
"""
