"""What is evaluated: a model and how it is asked, and what it says to each held-out item.

Open first: `arm`.
"""
