"""Recognisers of our own beside presidio's, one module a kind of value.

Presidio's stock ones miss much of what customers write (see docs/redaction.md): a card with a
mistyped digit, phone numbers of other countries, and an e-mail address inside a company.
"""
