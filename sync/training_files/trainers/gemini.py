"""Gemini on Google Cloud (Vertex AI, now the Gemini Enterprise Agent Platform).

Sources, as of November 2026: docs.cloud.google.com/gemini-enterprise-agent-platform/models/
gemini-supervised-tuning (131,072 tokens an example, 1 GB, 1 million text examples, 5,000 of
validation) and …/gemini-supervised-tuning-prepare (100 examples recommended).
"""

from sync.training_files.formats.format import FileRules
from sync.training_files.trainers.provider import GB, Provider

GEMINI = Provider(
    name="gemini",
    summary="Gemini on Google Cloud's Vertex AI",
    takes={"gemini": FileRules(max_bytes=GB, recommended_examples=100, most_examples=1_000_000)},
    aliases=("vertex",),
    token_limits={"gemini": 131_072, "gemini-1.5": 32_000},
    cuts="is not trained on",
    most_validation=5_000,
)
