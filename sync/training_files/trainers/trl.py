"""TRL, Hugging Face's trainers, on machines of your own.

Source: the page "Dataset formats and types" of TRL 1.16's documentation. Each trainer reads a type
of dataset, and what a type asks of a line is the format's.
"""

from sync.training_files.formats.format import FileRules
from sync.training_files.trainers.provider import Provider

# faults of the formats' that it trains on all the same
_TAKEN = (
    "same",
    *(f"{rule}: empty" for rule in ("content", "text", "prompt", "completion")),
    *(f"{rule}: empty" for rule in ("chosen", "rejected")),
)

TRL = Provider(
    name="trl",
    summary="TRL on machines of your own",
    takes={
        "trl-language-modeling": FileRules(),
        "trl-prompt-completion": FileRules(),
        "trl-preference": FileRules(),
        "trl-unpaired-preference": FileRules(),
        "trl-stepwise": FileRules(),
    },
    severities=dict.fromkeys(_TAKEN, "warning"),
    cuts="is cut off (max_length)",
    takes_datasets=True,
)
