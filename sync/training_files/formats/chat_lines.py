"""What formats of chat messages have in common: their columns, and how trainers read them."""

from sync.training_files.formats.columns import TOOLS, list_of
from sync.training_files.formats.format import AxolotlEntry, LlamaFactoryEntry

COLUMNS = (list_of("messages"), TOOLS)

# ShareGPT's turns by other names. The formatting `openai` would read calls, but it adds "detailed
# thinking off" to system prompts. It knows no weights and no `tool_calls`: it would learn turns
# that nobody vouched for, and stops at a call.
LLAMA_FACTORY = LlamaFactoryEntry(
    {
        "formatting": "sharegpt",
        "columns": {"messages": "messages"},
        "tags": {
            "role_tag": "role",
            "content_tag": "content",
            "user_tag": "user",
            "assistant_tag": "assistant",
            "observation_tag": "tool",
            "function_tag": "function_call",
            "system_tag": "system",
        },
    },
    plain_only=True,
)

AXOLOTL = AxolotlEntry(
    "axolotl.yaml",
    {
        "type": "chat_template",
        "field_messages": "messages",
        "field_tools": "tools",
        "roles_to_train": ["assistant"],
    },
)
