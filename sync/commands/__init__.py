"""One module a verb; each holds a click command named `command`.

A verb reads its options, calls one function of a room, and prints what came of it. Nothing is
computed here.
Open first: `pull`.
"""
