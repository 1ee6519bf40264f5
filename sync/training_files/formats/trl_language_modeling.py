"""`trl-language-modeling`: whole conversations, for TRL's `SFTTrainer` and what is built on it.

TRL learns every turn of a line: all of its tokens, or with `assistant_only_loss` those of every
assistant's turn; it knows no weights. A conversation with a turn that no expert vouched for would
teach that turn silently, so it is left out; `trl-prompt-completion` holds the same answer with the
earlier turns as its prompt, which is not learnt. Such turns at the end are cut off.
"""

from collections.abc import Iterator

from sync.common.json_text import Json
from sync.training_files.example import Conversation
from sync.training_files.formats import chat_lines
from sync.training_files.formats.columns import IMAGES
from sync.training_files.formats.example_texts import PlainLine, Said, read_messages
from sync.training_files.formats.format import Fault, Format
from sync.training_files.formats.message_rules import MessageRules
from sync.training_files.formats.pictures import beside, has_pictures
from sync.training_files.formats.plain_turns import plain_chat
from sync.training_files.formats.tool_rules import TRL_CALLS
from sync.training_files.formats.trl_messages import (
    MARK_PART,
    ROLES,
    TRL_FILE,
    part_faults,
    trl_messages,
    with_tools,
)
from sync.training_files.formats.two_sides import vouched

_RULES = MessageRules(roles=ROLES, calls=TRL_CALLS, weights="learnt")


class TRLLanguageModeling(Format):
    """Conversations of which every assistant's turn is to be learnt."""

    name = "trl-language-modeling"
    summary = "whole conversations, every answer learnt (TRL SFTTrainer)"
    takes = Conversation
    rules = TRL_FILE
    keys = ("messages",)
    plain_keys = ("text",)
    guess_rank = 51
    columns = chat_lines.COLUMNS
    pictures = "file"
    llama_factory = chat_lines.LLAMA_FACTORY
    axolotl = chat_lines.AXOLOTL

    def encode(self, example: Conversation) -> Json:
        """The conversation up to the last turn to learn.

        Raises:
            Unsuitable: a turn before that one is not to be learnt, a call's arguments are no
                JSON object, or a tool's answer has a picture.
        """
        kept = vouched(example.messages, "; trl-prompt-completion takes it as part of the prompt")
        if not has_pictures(kept):
            return with_tools({"messages": trl_messages(kept)}, example.tools)
        messages, pictures = beside(kept, MARK_PART)
        line: Json = {"messages": trl_messages(messages), IMAGES: pictures}
        return with_tools(line, example.tools)

    def check(self, line: Json) -> Iterator[Fault]:
        """What TRL can't read in a line, or would learn though it should not."""
        if isinstance(line, dict) and isinstance(line.get("text"), str) and "messages" not in line:
            return iter(part_faults(line, (("text", _RULES),)))
        found = part_faults(line, (("messages", _RULES),))
        if not found:
            last = line["messages"][-1]
            if not isinstance(last, dict) or last.get("role") != "assistant":
                message = "the last message is not the assistant's and may be learnt; take it away"
                found.append(Fault("last", message, "warning"))
        return iter(found)

    def plain(self, line: Json) -> PlainLine | None:
        """Of messages alone."""
        return plain_chat(line)

    def read(self, line: Json) -> Said:
        """As chat messages, or one text, all of which is learnt."""
        if "messages" not in line and type(text := line.get("text")) is str:
            return Said([], [text], [text], 1)
        return read_messages(line)
