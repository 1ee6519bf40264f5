"""Axolotl, on machines of your own.

Source, as of November 2026: docs.axolotl.ai, "Dataset formats": `chat_template` reads `messages`
and ShareGPT's `conversations`, `alpaca` and `stepwise_supervised` their own.
"""

from sync.formats.format import FileRules
from sync.providers.provider import Provider

AXOLOTL = Provider(
    name="axolotl",
    summary="Axolotl on machines of your own",
    formats={
        "openai-chat": FileRules(),
        "trl-language-modeling": FileRules(),
        "trl-preference": FileRules(),
        "trl-stepwise": FileRules(),
        "sharegpt": FileRules(),
        "alpaca": FileRules(),
    },
    cuts="is cut off, or the example left out (sequence_len)",
)
