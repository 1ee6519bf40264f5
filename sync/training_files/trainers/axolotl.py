"""Axolotl, on machines of your own.

Source, as of November 2026: docs.axolotl.ai, "Dataset formats": `chat_template` reads `messages`
and ShareGPT's `conversations`, `stepwise_supervised` its own; preferences go to TRL's trainers as
they are. Of Alpaca's rows it does not read `history`, so those are not among them.
"""

from sync.training_files.formats.format import FileRules
from sync.training_files.trainers.provider import Provider

AXOLOTL = Provider(
    name="axolotl",
    summary="Axolotl on machines of your own",
    takes={
        "openai-chat": FileRules(),
        "trl-language-modeling": FileRules(),
        "trl-preference": FileRules(),
        "trl-stepwise": FileRules(),
        "trl-unpaired-preference": FileRules(),
        "sharegpt": FileRules(),
    },
    reads=lambda form: form.axolotl is not None,
    cuts="is cut off, or the example left out (sequence_len)",
    takes_datasets=True,
)
