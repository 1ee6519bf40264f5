"""Our data set: examples made of records, splits that do not leak, and releases.

Open first: `release.export`.
"""
