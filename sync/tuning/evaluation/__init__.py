"""How good a tuned model is, on the test split alone, beside its base and its base's full prompt.

Every arm answers the same held-out items; every figure is a difference of pairs with its interval,
and what does not leave zero out is said to be not shown.
Open first: `evaluate`.
"""

# below the data folder
EVALUATION_FOLDER = "evaluation"
