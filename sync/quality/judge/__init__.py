"""A model as a checker of finished work: asked with a rubric, calibrated on what experts judged.

`prompts` is what it is asked and what it says, `asking` gets its replies within the budget and
keeps them, `agreement` holds them against the experts. `sync.quality.checks.judge` is the check.
Open first: `prompts`.
"""
