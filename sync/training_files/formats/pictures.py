"""Pictures of a conversation, as formats write them: inside the message, or in a list beside it.

Readers with a list beside (`images`) want as many marks in the texts as there are pictures, in the
same order. A file in which some lines have pictures has the list in every line; `DataFiles` sees
to that.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from label_configs.content import IMAGE, TEXT
from sync.training_files.example import Message, Messages
from sync.training_files.formats.format import Unsuitable

MARK = "<image>"  # for one, in texts of LLaMA-Factory

NOT_TEXT = "a message that is not text alone"
_TAKEN_FOR_ONE = f"words that readers take for a picture's mark, {MARK}"
_INSIDE = ("https://", "http://", "data:image/")


def has_pictures(*conversations: Messages) -> bool:
    """Whether a content of any message is a list of parts, as it is where there is a picture."""
    for messages in conversations:
        for message in messages:
            if type(message.get("content")) is list:
                return True
    return False


def split_content(message: Message) -> Iterator[tuple[str, str]]:
    """What a content is made of, in order: ("text", words) or ("image_url", address).

    Raises:
        Unsuitable: a part is neither.
    """
    content = message.get("content")
    if isinstance(content, str):
        yield TEXT, content
    for part in content if isinstance(content, Sequence) and not isinstance(content, str) else ():
        kind = part.get("type") if isinstance(part, Mapping) else None
        said = part.get(TEXT) if kind == TEXT else _address(part) if kind == IMAGE else None
        if not isinstance(said, str) or kind is None:
            raise Unsuitable(NOT_TEXT)
        yield kind, said


def only_of_users(messages: Messages) -> None:
    """Check that pictures stand in the user's messages, where nearly every reader wants them.

    Raises:
        Unsuitable: one stands elsewhere.
    """
    for message in messages:
        if message["role"] != "user" and any(k == IMAGE for k, _ in split_content(message)):
            raise Unsuitable(f"a picture in {_whose(message['role'])} message")


def inside(messages: Messages) -> list[Message]:
    """A conversation with pictures in OpenAI's form: then every content is a list of parts.

    Together takes no line that mixes both forms, and OpenAI takes both.

    Raises:
        Unsuitable: a picture stands where none may, or its address means nothing elsewhere.
    """
    only_of_users(messages)
    return [_in_parts(message) for message in messages]


def at_large(address: str) -> str:
    """An address that others can load: of the web, or one that holds the picture itself.

    Raises:
        Unsuitable: it is of this machine or of Label Studio.
    """
    if not address.startswith(_INSIDE):
        raise Unsuitable("a picture that can be loaded from here alone")
    return address


def beside(messages: Messages, mark: Mapping[str, Any]) -> tuple[list[Message], list[str]]:
    """A conversation with marks for its pictures, every content a list of parts; and the pictures.

    Args:
        mark: the part that stands for a picture.

    Raises:
        Unsuitable: a tool's answer holds one: readers pass it over.
    """
    found: list[str] = []
    marked = []
    for message in messages:
        parts: list[Mapping[str, Any]] = []
        for kind, said in split_content(message):
            if kind == IMAGE and message["role"] == "tool":
                raise Unsuitable(f"a picture in {_whose('tool')} message")
            found += [said] if kind == IMAGE else []
            parts.append(mark if kind == IMAGE else {"type": TEXT, "text": said})
        # a turn that only calls tools stays without words
        marked.append({**message, "content": parts} if message.get("content") else message)
    return marked, found


def marked(messages: Messages) -> tuple[Messages, list[str]]:
    """A conversation of texts with `MARK` for each picture, and the pictures.

    Raises:
        Unsuitable: words beside a picture are that mark themselves.
    """
    if not has_pictures(messages):
        return messages, []
    found: list[str] = []
    told: list[Message] = []
    for message in messages:
        if type(message.get("content")) is list:
            message = {**message, "content": _with_marks(message, found)}
        elif MARK in (message.get("content") or ""):
            raise Unsuitable(_TAKEN_FOR_ONE)
        told.append(message)
    return told, found


def _with_marks(message: Message, found: list[str]) -> str:
    said, before = "", ""
    for kind, part in split_content(message):
        if kind == IMAGE:
            found.append(part)
            said += MARK
        elif MARK in part:
            raise Unsuitable(_TAKEN_FOR_ONE)
        else:
            said += f"\n{part}" if before == TEXT else part
        before = kind
    return said


def _address(part: Mapping[str, Any]) -> Any:
    image = part.get("image_url")
    return image.get("url") if isinstance(image, Mapping) else None


def _in_parts(message: Message) -> Message:
    content = message.get("content")
    if isinstance(content, str) and content:
        return {**message, "content": [{"type": TEXT, "text": content}]}
    for kind, said in split_content(message):
        if kind == IMAGE:
            at_large(said)
    return message


def _whose(role: str) -> str:
    return {"assistant": "an assistant's", "system": "a system"}.get(role, f"a {role}'s")
