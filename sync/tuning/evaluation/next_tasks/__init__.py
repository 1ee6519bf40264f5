"""Failures become tasks: what waits, what files hold and what a model writes like what failed.

Never a held-out item, nor anything that a split would have to keep with one.
Open first: `plan`.
"""
