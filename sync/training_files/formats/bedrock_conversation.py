"""`bedrock-conversation`: `schemaVersion`, `system`, `messages`: Nova models on Amazon Bedrock.

Rules: AWS, "Preparing data for fine-tuning Understanding models" and "Supervised fine-tuning on
Amazon Nova 2.0", as of November 2026: roles user and assistant by turns, the user first, the
assistant last; `schemaVersion` is any text; some words are kept for the service, and a prompt that
holds one fails the job; 100 examples a task recommended. Bedrock's own page says that tools might
fail a job, the guide of Nova 2 takes them: they are written, and warned of. Pictures are read from
S3 alone. It knows no weights, so every answer is taken to be learnt.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from sync.common.json_text import Json, json_type
from sync.training_files.example import Conversation
from sync.training_files.formats.bedrock_blocks import (
    block_faults,
    block_kind,
    pair_faults,
    tool_config_faults,
)
from sync.training_files.formats.bedrock_turns import (
    converse_messages,
    free,
    reserved_word,
    tool_config,
)
from sync.training_files.formats.columns import Feature, anything, list_of, string
from sync.training_files.formats.example_texts import PlainLine, Said, read_messages
from sync.training_files.formats.format import CONTENT_RULES, Fault, FileRules, Format
from sync.training_files.formats.json_types import not_filled, text_fault
from sync.training_files.formats.plain_turns import BEDROCK_TURNS, plain_block, plain_text
from sync.training_files.formats.two_sides import system_and_turns, vouched

SCHEMA = "bedrock-conversation-2024"
_ROLES = ("user", "assistant")
_BLOCK = [string("text")]
_SAME = {"model": "assistant", "gpt": "assistant", "human": "user"}


class BedrockConversation(Format):
    """Conversations in the Converse API's form, every answer learnt."""

    name = "bedrock-conversation"
    summary = "Converse messages (Amazon Bedrock, Nova)"
    takes = Conversation
    rules = FileRules(recommended_examples=100)
    keys = ("schemaVersion",)
    keys_of_kin = ("messages",)
    guess_rank = 40
    content_rules = CONTENT_RULES | {"system"}
    columns = (
        string("schemaVersion"),
        list_of("system", _BLOCK),
        list_of("messages", [string("role"), list_of("content", _BLOCK)]),
    )

    def encode(self, example: Conversation) -> Json:
        """The system prompt, if there is one, and the turns; two of one side become one."""
        system, turns = system_and_turns(vouched(example.messages))
        line: Json = {"schemaVersion": SCHEMA}
        if system:
            line["system"] = [{"text": free(system)}]
        line["messages"] = converse_messages(turns, example.tools)
        if example.tools:
            line["toolConfig"] = tool_config(example.tools)
        return line

    def is_wide(self, line: Json) -> bool:
        """Whether a line has tools, or anything but text."""
        return "toolConfig" in line or any(
            "text" not in block for message in line["messages"] for block in message["content"]
        )

    def columns_of(self, *, wide: bool) -> Sequence[Feature]:
        """Of a file: with tools, a message's content differs from line to line."""
        if not wide:
            return self.columns
        return [*self.columns[:-1], list_of("messages"), anything("toolConfig")]

    def check(self, line: Json) -> Iterator[Fault]:
        """What Bedrock's fine-tuning refuses."""
        if not isinstance(line, dict):
            yield Fault("object", f"expected an object, found {json_type(line)}")
            return
        version = line.get("schemaVersion")
        if not isinstance(version, str):
            came = json_type(version)
            message = f"schemaVersion must be text, such as '{SCHEMA}', found {came}"
            yield Fault("schemaVersion", f"{message}; write it in every line")
        yield from _tools_faults(line)
        if line.get("system") is not None:
            yield from _block_faults("system", line["system"], "system", prompt=True)
        messages = line.get("messages")
        if not isinstance(messages, list) or not messages:
            came = not_filled(messages)
            yield Fault("messages", f"messages must be a non-empty list, found {came}")
            return
        broken: set[str] = set()
        for number, message in enumerate(messages, 1):
            for fault in _message_faults(f"message {number}", message):
                broken.add(fault.rule)
                yield fault
        if broken.isdisjoint(("role", "message")):
            yield from _order_faults([message["role"] for message in messages])
        if not broken and any("text" not in b for message in messages for b in message["content"]):
            yield from pair_faults(messages)

    def plain(self, line: Json) -> PlainLine | None:
        """Of messages of one text each, with a system's text or none."""
        text = plain_block(line.get("system"))
        before = [text] if plain_text(text) else []
        if len(line) != 2 + len(before) or not isinstance(line.get("schemaVersion"), str):
            return None
        beside = 6 if before else 3
        found = BEDROCK_TURNS.conversation(line.get("messages"), before, beside)
        if found is None or reserved_word("\n".join(found[0].prompt)) is not None:
            return None
        return found

    def read(self, line: Json) -> Said:
        """As chat messages."""
        return read_messages(line)


def _message_faults(where: str, message: Any) -> Iterator[Fault]:
    if not isinstance(message, dict):
        yield Fault("message", f"{where} must be an object, found {json_type(message)}")
        return
    role = message.get("role")
    if role not in _ROLES:
        came = "another" if isinstance(role, str) else json_type(role)
        if role == "system":
            came = "'system'; write it as system, beside messages"
        elif isinstance(role, str) and role in _SAME:
            came = f"'{role}'; write '{_SAME[role]}'"
        yield Fault("role", f"{where}: role must be user or assistant, found {came}")
    content = message.get("content")
    yield from _block_faults(f"{where}: content", content, "content", role, prompt=role == "user")


def _tools_faults(line: Json) -> Iterator[Fault]:
    if "tools" in line:
        yield Fault(
            "tools", "tools are written as toolConfig here; rewrite them, or leave them out"
        )
    if "toolConfig" in line:
        found = list(tool_config_faults(line["toolConfig"], line.get("messages")))
        yield from found
        if not found:
            yield Fault(
                "tools",
                "toolConfig is taken by fine-tuning of Nova 2 on SageMaker, and might fail a job "
                "on Bedrock; leave the line out there",
                "warning",
            )


def _block_faults(
    where: str, blocks: Any, rule: str, role: Any = None, *, prompt: bool
) -> Iterator[Fault]:
    if not isinstance(blocks, list) or not blocks:
        came = not_filled(blocks)
        yield Fault(rule, f'{where} must be a non-empty list of {{"text"}}, found {came}')
        return
    for block in blocks:
        text = block.get("text") if isinstance(block, dict) else None
        if text is None and rule == "content" and (kind := block_kind(block)) is not None:
            yield from block_faults(where, role, kind, block)
            continue
        fault = text_fault(f"{where}: text", text, rule)
        if fault is not None:
            yield fault
        elif prompt and isinstance(text, str) and (word := reserved_word(text)):
            yield Fault(
                "reserved",
                f"{where}: '{word}' is a word that Bedrock keeps for itself, and a prompt with "
                "it fails the job; write it another way",
            )


def _order_faults(roles: list[str]) -> Iterator[Fault]:
    if "assistant" not in roles:
        yield Fault(
            "assistant", "no assistant message, so there is nothing to learn; add the answer"
        )
        return
    if roles[0] != "user":
        yield Fault("first", "the first message must be the user's; take away what comes before it")
    if roles[-1] != "assistant":
        yield Fault(
            "last",
            "the last message must be the assistant's; take away what comes after the answer",
        )
    for number, (before, role) in enumerate(pairwise(roles), 2):
        if before == role:
            yield Fault(
                "order", f"message {number}: {role} spoke before, too; put both into one message"
            )
