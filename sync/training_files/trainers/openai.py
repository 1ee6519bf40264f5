"""OpenAI.

Sources, as of November 2026: developers.openai.com/api/docs/guides/supervised-fine-tuning,
…/direct-preference-optimization, …/reinforcement-fine-tuning and …/fine-tuning-best-practices
(token limits); the API reference's "Create fine-tuning job" for the settings of a job.
"""

from collections.abc import Mapping

from sync.training_files.formats.format import FaultSeverity, FileRules
from sync.training_files.trainers.jobs import JobRules
from sync.training_files.trainers.provider import MB, Provider

# also Azure's, which runs the same models
TOKEN_LIMITS = {
    "gpt-4.1": 65_536,
    "gpt-4o": 65_536,
    "gpt-3.5-turbo": 16_385,
    "gpt-3.5-turbo-0613": 4_096,
    "gpt-35-turbo": 16_385,
    "gpt-35-turbo-0613": 4_096,
}
JOB = JobRules(
    epochs=(1, 50),
    batch_size=(1, 256),
    seed=(0, 2_147_483_647),
    suffix=64,
    metadata=16,
    metadata_key=64,
    metadata_value=512,
)
# faults of the formats' that its own library refuses by its types, also Azure's
SEVERITIES: Mapping[str, FaultSeverity] = {"parts": "error", "tool_schema: type": "error"}
_RULES = FileRules(max_bytes=512 * MB, least_examples=10, recommended_examples=50)

OPENAI = Provider(
    name="openai",
    summary="OpenAI",
    takes={
        "openai-chat": _RULES,
        "openai-preference": _RULES,
        "openai-reinforcement": _RULES,
    },
    severities=SEVERITIES,
    token_limits=TOKEN_LIMITS,
    cuts="is cut off silently",
    needs_validation=frozenset({"openai-reinforcement"}),
    job=JOB,
    note=(
        "OpenAI winds its own fine-tuning down: no new organizations since 2026-05-07 and no new "
        "jobs after 2027-01-06, by public reports. Azure, Together and Fireworks read the same "
        "files"
    ),
)
