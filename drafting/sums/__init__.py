"""Calculations that stand in a text, and whether they are true: `3 * 4 = 13` is not.

Numbers, units and operators are read in any notation, so that nobody has to say which one is meant.
The score of a draft and the checks of finished work look at the same equations.
Open first: `expressions`.
"""
