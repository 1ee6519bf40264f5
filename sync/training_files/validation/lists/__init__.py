"""Files that list data sets: which files they name, and how a trainer reads the rows of each.

A list comes in, files to check come out, each with what makes a row of it a line of one of our
formats.
Open first: `dataset_lists`.
"""
