"""What a text states that can be held against another: numbers, amounts, dates, names, quantities.

Pure functions of texts, read once and remembered where many tasks share a text. Numbers, units and
equations themselves are read by `drafting.sums`, since drafts are looked at, too.
Open first: `stated`.
"""
