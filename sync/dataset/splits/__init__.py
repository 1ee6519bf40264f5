"""Train, validation and test: no leak between them, and an item never moves.

Finished tasks come in; a stored split with its proof comes out, which anybody can compute again.
`groups` says what stays together, `homes` what has a split already, and `stratify` shares out the
rest, so that the proportions hold which `proportions` measures.
Open first: `split`.
"""
