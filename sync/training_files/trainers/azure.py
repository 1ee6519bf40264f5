"""Azure OpenAI, in Microsoft Foundry: OpenAI's formats and models, with a byte order mark.

Source, as of November 2026: learn.microsoft.com/azure/ai-services/openai/how-to/fine-tuning
("Prepare your training and validation data": UTF-8 with a byte order mark, less than 512 MB, at
least 10 examples; "Models": training example context length).
"""

from sync.training_files.formats.format import FileRules
from sync.training_files.trainers.openai import JOB, SEVERITIES, TOKEN_LIMITS
from sync.training_files.trainers.provider import MB, Provider

_RULES = FileRules(max_bytes=512 * MB, below=True, least_examples=10, recommended_examples=50)

AZURE = Provider(
    name="azure",
    summary="Azure OpenAI: OpenAI's formats, with a byte order mark",
    takes={
        "openai-chat": _RULES,
        "openai-preference": _RULES,
        "openai-reinforcement": _RULES,
    },
    severities=SEVERITIES,
    bom=True,
    token_limits=TOKEN_LIMITS,
    cuts="is cut off silently",
    needs_validation=frozenset({"openai-reinforcement"}),
    job=JOB,
)
