"""What a text states that can be held against another: numbers, amounts, dates, names, quantities.

Pure functions of texts, read once and remembered where many tasks share a text.
Open first: `numbers`.
"""
