"""ShareGPT's lines, `{"conversations": [{"from", "value"}]}`: answers, pairs, good and bad answers.

LLaMA-Factory learns every turn of the assistant's and knows no weights. So a conversation with an
earlier turn that no expert vouched for is left out of `sharegpt`, and `alpaca` holds its answer.
Such turns at the end are cut off. Of `sharegpt-preference` and `sharegpt-kto` it learns the judged
answers alone, whatever the turns before them.
"""

from collections.abc import Iterator

from label_configs.answer_turns import answer_turns
from sync.common.json_text import Json, json_type
from sync.training_files.example import Conversation, Judgement, PreferenceExample
from sync.training_files.formats.columns import boolean, list_of, string, struct
from sync.training_files.formats.example_texts import (
    PlainLine,
    Said,
    conversation,
    mark_of,
    turn_texts,
)
from sync.training_files.formats.format import (
    CONTENT_RULES,
    AxolotlEntry,
    Fault,
    Format,
    LlamaFactoryEntry,
    Unsuitable,
)
from sync.training_files.formats.json_types import same_words
from sync.training_files.formats.plain_turns import SHAREGPT as PLAIN
from sync.training_files.formats.sharegpt_rules import answer_faults, turns_faults
from sync.training_files.formats.sharegpt_turns import ASKING, answer_turn, turns_line
from sync.training_files.formats.two_sides import vouched

_TURN = [string("from"), string("value")]
_TURNS = list_of("conversations", _TURN)
_READ = {"messages": "conversations", "tools": "tools"}


class _Turns(Format):
    """What the three have in common."""

    keys = ("conversations",)
    pictures = "file"
    content_rules = CONTENT_RULES | {
        *("conversations", "from", "value", "system"),
        *("chosen", "rejected", "kto_tag"),
    }

    def read(self, line: Json) -> Said:
        """The turns; a pair has `chosen` and `rejected` beside them."""
        said = conversation(line, line.get("conversations"), "from", "value")
        pair = [t for key in ("chosen", "rejected") for t in turn_texts(line.get(key), "value")]
        if not pair:
            return said._replace(mark=mark_of(line, "kto_tag"))
        return Said([*said.prompt, *said.answer], pair, pair, said.turns + 1)


def _no_tools(line: Json) -> list[str] | None:
    """The text of a line's empty tools; none where it has no such key, None where it has tools."""
    if "tools" not in line:
        return []
    return ["[]"] if line["tools"] == "[]" else None


class ShareGPT(_Turns):
    """Supervised conversations, every answer of which is learnt."""

    name = "sharegpt"
    summary = "conversations by from / value (LLaMA-Factory, Axolotl, Unsloth)"
    takes = Conversation
    guess_rank = 22
    columns = (_TURNS, string("tools"))
    llama_factory = LlamaFactoryEntry({"formatting": "sharegpt", "columns": _READ})
    axolotl = AxolotlEntry(
        "axolotl.yaml",
        {
            "type": "chat_template",
            "field_tools": "tools",
            "roles_to_train": ["assistant"],
            "field_messages": "conversations",
            "message_property_mappings": {"role": "from", "content": "value"},
            "roles": {
                "system": ["system"],
                "user": ["human"],
                "assistant": ["gpt", "function_call"],
                "tool": ["observation"],
            },
        },
    )

    def plain(self, line: Json) -> PlainLine | None:
        """Of turns, with no tools."""
        before = _no_tools(line)
        if before is None or len(line) != 1 + len(before):
            return None
        return PLAIN.conversation(line.get("conversations"), before, len(line) + len(before))

    def encode(self, example: Conversation) -> Json:
        """The turns, a system prompt as the first of them, and the tools as JSON text."""
        messages = vouched(example.messages, "; alpaca takes it as history")
        return turns_line(messages, tools=example.tools)

    def check(self, line: Json) -> Iterator[Fault]:
        """What LLaMA-Factory drops without a word, fails on, or does not read."""
        yield from turns_faults(line, answered=True)


class ShareGPTPreference(_Turns):
    """Two answers to the last turn, `chosen` and `rejected`, for DPO and reward models."""

    name = "sharegpt-preference"
    summary = "preferences by from / value (LLaMA-Factory's DPO and reward models)"
    takes = PreferenceExample
    guess_rank = 21
    columns = (_TURNS, struct("chosen", _TURN), struct("rejected", _TURN), string("tools"))
    llama_factory = LlamaFactoryEntry(
        {
            "formatting": "sharegpt",
            "ranking": True,
            "columns": {**_READ, "chosen": "chosen", "rejected": "rejected"},
        }
    )

    def plain(self, line: Json) -> PlainLine | None:
        """Of turns and two answers, with no tools."""
        before = _no_tools(line)
        asked = PLAIN.texts(line.get("conversations"), answered=False)
        chosen, rejected = PLAIN.one(line.get("chosen")), PLAIN.one(line.get("rejected"))
        if before is None or asked is None or chosen is None or rejected is None:
            return None
        if len(line) != 3 + len(before) or same_words(chosen, rejected):
            return None
        pair = [chosen, rejected]
        quoted = len(line) + len(before) + PLAIN.quoted * (len(asked) + len(pair))
        return Said([*before, *asked], pair, pair, len(asked) + 1), quoted

    def encode(self, example: PreferenceExample) -> Json:
        """The turns, which end with the user's or a tool's, and the two answers."""
        pair = {"chosen": answer_turn(example.chosen), "rejected": answer_turn(example.rejected)}
        line = turns_line(example.prompt, **pair, tools=example.tools)
        asked = line["conversations"]
        if not asked or asked[-1]["from"] not in ASKING:
            raise Unsuitable("a prompt that does not end with the user's turn")
        return line

    def check(self, line: Json) -> Iterator[Fault]:
        """What LLaMA-Factory drops without a word, fails on, or does not read."""
        if (yield from turns_faults(line, answered=False)):
            yield from answer_faults(line)


class ShareGPTKTO(_Turns):
    """Conversations with `kto_tag`: true for a good last answer, false for a bad one."""

    name = "sharegpt-kto"
    summary = "good and bad answers by from / value (LLaMA-Factory's KTO)"
    takes = Judgement
    guess_rank = 20
    columns = (_TURNS, boolean("kto_tag"), string("tools"))
    llama_factory = LlamaFactoryEntry(
        {"formatting": "sharegpt", "columns": {**_READ, "kto_tag": "kto_tag"}}
    )

    def plain(self, line: Json) -> PlainLine | None:
        """Of turns and a verdict, with no tools."""
        before, verdict = _no_tools(line), line.get("kto_tag")
        if before is None or len(line) != 2 + len(before) or type(verdict) is not bool:
            return None
        beside, mark = len(line) + len(before), "true" if verdict else "false"
        return PLAIN.conversation(line.get("conversations"), before, beside, mark)

    def encode(self, example: Judgement) -> Json:
        """The turns with the answer as the last, and the verdict on it."""
        said = [*example.prompt, *answer_turns(example.completion)]
        return turns_line(said, kto_tag=example.label, tools=example.tools)

    def check(self, line: Json) -> Iterator[Fault]:
        """What LLaMA-Factory drops without a word, fails on, or takes for something else."""
        if not (yield from turns_faults(line, answered=True)):
            return
        verdict = line.get("kto_tag")
        if not isinstance(verdict, bool):
            yield Fault(
                "kto_tag",
                f"kto_tag must be true or false, found {json_type(verdict)}; LLaMA-Factory's KTO "
                "drops the line without an error",
            )
