"""Amazon Bedrock: Amazon's Nova models.

Source, as of November 2026: docs.aws.amazon.com/nova/latest/userguide/
fine-tune-prepare-data-understanding.html (100 examples a task recommended, `schemaVersion` any
text) and docs.aws.amazon.com/bedrock/latest/userguide/nova-2-sft-data-prep.html (no tools: they
"might cause your job to fail"); what else it asks of a line is its format's.
"""

from collections.abc import Iterator

from sync.common.json_text import Json
from sync.training_files.formats.bedrock_blocks import block_kind
from sync.training_files.formats.format import Fault, FileRules
from sync.training_files.trainers.provider import Provider


def check(form: str, line: Json) -> Iterator[Fault]:
    """No tools."""
    messages = line.get("messages")
    blocks = [
        block
        for message in (messages if isinstance(messages, list) else ())
        if isinstance(message, dict) and isinstance(message.get("content"), list)
        for block in message["content"]
    ]
    if line.get("toolConfig") or any(
        block_kind(block) in ("toolUse", "toolResult") for block in blocks
    ):
        yield Fault(
            "no-tools",
            "the line has tools, which Bedrock's fine-tuning does not take; leave it out",
        )


BEDROCK = Provider(
    name="bedrock",
    summary="Amazon Bedrock: Nova models",
    takes={"bedrock-conversation": FileRules(recommended_examples=100)},
    line_rules=check,
)
