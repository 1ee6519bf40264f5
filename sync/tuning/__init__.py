"""Models that releases make: how they are tuned, which there are, and how good they are.

`models/` holds what is known of a tuned model, `jobs/` tunes on another's machines, `local/` on
this one, `evaluation/` says how good the model is.
Open first: `tuner`.
"""
