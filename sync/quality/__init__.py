"""What is wrong with finished work: the checks, and the findings that they write.

Records with their embeddings come in; findings and a report of them come out.
Open first: `check`.
"""
