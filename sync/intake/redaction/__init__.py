"""Personal data: found, replaced by placeholders, and turned back by the key file.

A task comes in; the task with placeholders, and what they stand for, come out. `redact` and
`restore` in `placeholders` are the way there and back; `recognisers` find the values.
Open first: `placeholders`.
"""
