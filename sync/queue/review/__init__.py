"""The second pair of eyes: which finished work is reviewed, by whom, and how far whom is trusted.

A plan is a function of the table, the findings and the settings alone, so that a run which was
killed is repeated as a whole. What Label Studio holds already is read first.
Open first: `run`, then `plan`.
"""
