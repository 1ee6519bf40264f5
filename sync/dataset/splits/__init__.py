"""Train, validation and test: no leak between them, and an item never moves.

Finished tasks come in; a stored split with its proof comes out, which anybody can compute again.
Open first: `split`.
"""
