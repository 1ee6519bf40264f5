"""Simulated projects, in which it is known how many open drafts need a change."""
