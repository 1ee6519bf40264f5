"""Recognisers of our own, one module a kind of value.

A text comes in, the places of values come out. Presidio's stock ones miss much of what customers
write (docs/redaction.md): a card with a mistyped digit, phone numbers of other countries, and an
e-mail address inside a company.
Open first: `recogniser`.
"""
