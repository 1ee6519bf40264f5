"""What makes a task the same task: its own id, else a digest of what it asks."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from label_configs.content import INSTRUCTION_ROLES
from label_configs.message_forms import put_right
from label_configs.source_reasoning import set_apart
from label_configs.task_pictures import (
    NAME,
    PicturePart,
    address_of,
    at_address,
    picture_parts,
    with_pictures,
)
from sync.common.errors import SourceError
from sync.common.picture_names import name_in
from sync.common.same_text import as_read, is_plain
from sync.common.task_texts import document_texts, turns, with_changed_texts
from sync.intake.cleaning.normalised_text import normalised, normalised_task
from sync.intake.cleaning.task_batches import TaskData

# made once: `json.dumps` would make one for every task
_SORTED = json.JSONEncoder(sort_keys=True)
# what is asked beside the messages
_BESIDE = ("context", "documents", "answers")


class Identities:
    """Gives every task of a push an id that is the same in the next one.

    A task without an id of its own is known by a digest of its inputs as they were cleaned; asked
    for several times on purpose, it is numbered.
    """

    def __init__(self) -> None:
        self._own: dict[str, str] = {}
        self._made: dict[str, int] = {}

    def give(self, own_id: str | None, made: str, where: str) -> str:
        """The id of a task that is kept.

        Args:
            made: what `made_id` says of it.

        Raises:
            SourceError: another task has this id of its own.
        """
        if own_id is None:
            times = self._made[made] = self._made.get(made, 0) + 1
            return made if times == 1 else f"{made}-{times}"
        if own_id in self._own:
            raise SourceError(
                f"{where}: the id {own_id!r} was used at {self._own[own_id]}; ids must differ"
            )
        self._own[own_id] = where
        return own_id


def made_id(data: Mapping[str, Any]) -> str:
    """The id of a task that has none: 16 hexadecimal digits of its inputs' SHA-256."""
    inputs = [as_before(data["messages"]), data.get("context") or {}, *_beside(data)]
    return hashlib.sha256(_SORTED.encode(inputs).encode()).hexdigest()[:16]


def inputs_digest(data: TaskData) -> bytes:
    """Equal for tasks that ask the same: messages, context, documents and given answers.

    Differences that normalising takes away don't count, nor does another form of a tool's call or
    of a turn's reasoning.
    """
    messages = data.get("messages")
    if isinstance(messages, list):
        messages = with_pictures(as_before(set_apart(put_right(messages))), _bare_picture)
    asked = {name: data[name] for name in _BESIDE if name in data}
    bare = with_changed_texts({"messages": messages, **asked}, plain=_bare, markdown=_bare_markdown)
    inputs = [bare["messages"], bare.get("context") or {}, *_beside(bare)]
    try:
        said = orjson.dumps(inputs, option=orjson.OPT_SORT_KEYS)
    except TypeError:  # half of a surrogate pair, or a number above 64 bits
        said = _SORTED.encode(inputs).encode()
    return _hashed(said)


def _bare_picture(part: PicturePart) -> PicturePart:
    """A picture without what may differ where it is the same: its address and name."""
    name = name_in(address_of(part))
    bare = part if name is None else at_address(part, name)
    return {key: value for key, value in bare.items() if key != NAME}


def as_before(messages: Sequence[Any]) -> Sequence[Any]:
    """Messages in which a developer speaks as the system, as in tasks that were pushed so."""
    for message in messages:  # a plain loop: this is asked of every task
        if isinstance(message, dict) and message.get("role") == "developer":
            break
    else:
        return messages
    return [
        {**m, "role": "system"} if isinstance(m, dict) and m.get("role") == "developer" else m
        for m in messages
    ]


def _bare(text: str) -> str:
    """A text as it is read, whatever form it is in."""
    return text if is_plain(text) and text.isascii() else as_read(normalised(text))


def _bare_markdown(text: str) -> str:
    return text if is_plain(text) and text.isascii() else as_read(normalised(text, markdown=True))


def circumstances_digest(data: TaskData, context: bool) -> bytes:
    """Equal for tasks whose questions may be compared: only what the user said may differ.

    Questions about different pictures are different, however alike their words are.

    Args:
        context: whether facts and system messages must be equal.
    """
    bare = normalised_task(data)
    system = [content for role, content in turns(bare) if role in INSTRUCTION_ROLES]
    facts = [bare.get("context") or {}, system] if context else []
    seen = [name_in(at := address_of(part)) or at for part in picture_parts(data.get("messages"))]
    return _digest([facts, any(document_texts(data)), bare.get("answers") or [], *seen])


def _beside(data: Mapping[str, Any]) -> list[Any]:
    """Inputs that few tasks have; nothing for the others, whose ids are from before they were."""
    beside = [data.get("documents") or [], data.get("answers") or []]
    return beside if any(beside) else []


def _digest(value: Any) -> bytes:
    return _hashed(_SORTED.encode(value).encode())


def _hashed(said: bytes) -> bytes:
    return hashlib.blake2b(said, digest_size=16).digest()
