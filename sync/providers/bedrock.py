"""Amazon Bedrock: Amazon's Nova models.

Source, as of November 2026: docs.aws.amazon.com/nova/latest/userguide/
fine-tune-prepare-data-understanding.html (100 examples a task recommended); what it asks of a line
is its format's.
"""

from sync.formats.format import FileRules
from sync.providers.provider import Provider

BEDROCK = Provider(
    name="bedrock",
    summary="Amazon Bedrock: Nova models",
    formats={"bedrock-conversation": FileRules(recommended_examples=100)},
)
