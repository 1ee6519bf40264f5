"""Rounds of tuning: what each evaluation of a model found, and whether the next one is better.

Open first: `evaluation_round`.
"""
