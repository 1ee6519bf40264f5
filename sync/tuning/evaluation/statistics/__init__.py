"""How sure a figure of an evaluation is: pure functions of arrays, by scipy and statsmodels.

Items of one group of the split are never taken for independent of each other.
Open first: `intervals`, then `paired`.
"""
