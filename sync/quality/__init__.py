"""What is wrong with finished work: the checks, and the findings that they write."""
