"""A quick look at lines that are as plain as most: what they say, where nothing can be wrong.

A plain conversation has a system's text or none, then user and assistant by turns, each with its
two keys and text. No format has anything against that, so its rules need not be gone through;
whatever else a line is, it is looked at by them. Texts come from a parser of JSON, so that none
holds half of a character.
"""

from dataclasses import dataclass
from typing import Any, TypeGuard

from sync.common.json_text import Json
from sync.training_files.formats.example_texts import PlainLine, Said

_VERDICTS = {True: "true", False: "false"}


@dataclass(frozen=True, slots=True)
class PlainTurns:
    """How a format calls what a turn has.

    Attributes:
        who, what: its keys, for who speaks and for what is said.
        system, user, answer: names of who speaks; a system of None is nowhere among the turns.
        blocks: whether what is said is a list of one `{"text"}`.
    """

    who: str = "role"
    what: str = "content"
    system: str | None = "system"
    user: str = "user"
    answer: str = "assistant"
    blocks: bool = False

    @property
    def quoted(self) -> int:
        """The keys and texts of one turn."""
        return 5 if self.blocks else 4

    def texts(self, turns: Any, *, answered: bool) -> list[str] | None:
        """What turns say that are plain, or None.

        Args:
            turns: any JSON value; an error tells that it is no list of objects with texts.
            answered: whether the last one is an answer.
        """
        who, what, blocks = self.who, self.what, self.blocks
        expected, next_ = self.user, self.answer
        found: list[str] = []
        try:
            for turn in turns:
                name, text = turn[who], turn[what]
                if blocks:
                    (block,) = text
                    text = block["text"]
                    if len(block) != 1:
                        return None
                if len(turn) != 2 or not text or text.isspace():
                    return None
                if name == expected:
                    expected, next_ = next_, expected
                elif found or name != self.system or name is None:
                    return None
                found.append(text)
        except (AttributeError, KeyError, TypeError, ValueError):
            return None
        if answered:
            return found if expected == self.user and len(found) > 1 else None  # more than a system
        return found if expected == self.answer else None

    def one(self, turn: Any) -> str | None:
        """What an answer says that is plain, or None."""
        if type(turn) is not dict or len(turn) != 2 or turn.get(self.who) != self.answer:
            return None
        text = turn.get(self.what)
        return text if type(text) is str and text and not text.isspace() else None

    def only(self, turns: Any) -> str | None:
        """What the one answer of a list says that is plain, or None."""
        return self.one(turns[0]) if type(turns) is list and len(turns) == 1 else None

    def conversation(
        self, turns: Any, before: list[str], beside: int, mark: str = ""
    ) -> PlainLine | None:
        """A conversation that ends with an answer, every answer of which is learnt.

        Args:
            before: texts beside the turns, such as tools.
            beside: keys and texts beside the turns.
            mark: what else tells the example apart.
        """
        found = self.texts(turns, answered=True)
        if found is None:
            return None
        count = len(found)
        last = [found.pop()]
        answers = last if count < 4 else [*found[1 + count % 2 :: 2], *last]
        quoted = beside + (5 if self.blocks else 4) * count
        asked = before + found if before else found
        return Said(asked, last, answers, count, mark), quoted


def plain_text(value: Any) -> TypeGuard[str]:
    """Whether a value is text that says something."""
    return type(value) is str and value != "" and not value.isspace()


def plain_block(blocks: Any) -> Any:
    """The text of a list of one block of text; None of anything else."""
    if type(blocks) is not list or len(blocks) != 1:
        return None
    (block,) = blocks
    return block.get("text") if type(block) is dict and len(block) == 1 else None


CHAT = PlainTurns()
SHAREGPT = PlainTurns("from", "value", "system", "human", "gpt")
GEMINI_TURNS = PlainTurns("role", "parts", None, "user", "model", blocks=True)
BEDROCK_TURNS = PlainTurns(system=None, blocks=True)


def plain_chat(line: Json) -> PlainLine | None:
    """Of lines that have `messages` alone."""
    return CHAT.conversation(line.get("messages"), [], 1) if len(line) == 1 else None


def plain_answers(line: Json, keys: tuple[str, ...]) -> PlainLine | None:
    """Of lines with a prompt, answers of one message each at some keys, and perhaps a verdict."""
    verdict = "label" in line
    if len(line) != 1 + len(keys) + verdict:
        return None
    asked = CHAT.texts(line.get("prompt"), answered=False)
    said = [text for key in keys if (text := CHAT.only(line.get(key))) is not None]
    if asked is None or len(said) < len(keys) or (len(keys) == 2 and said[0] == said[1]):
        return None
    mark = ""
    if verdict:
        if type(line["label"]) is not bool:
            return None
        mark = _VERDICTS[line["label"]]
    quoted = len(line) + CHAT.quoted * (len(asked) + len(said))
    return Said(asked, said, said, len(asked) + 1, mark), quoted
