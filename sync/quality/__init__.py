"""What is wrong with finished work: the checks, and the findings that they write.

Records with their embeddings come in; findings come out, in a report and as `findings.jsonl`.
Open first: `check`.
"""
