"""What is known of a tuned model: where it is, what it was made of, and each file it learned.

One folder a model, `models/NAME` in the data folder; its `model.json` is the entry.
Open first: `model_entry`.
"""

# below the data folder
MODELS = "models"
ENTRY = "model.json"
