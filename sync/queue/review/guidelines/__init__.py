"""What changed in the guidelines, and which finished work that concerns.

Open first: `changed_rules`, then `concerned`.
"""
