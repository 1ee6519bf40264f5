"""Conversations for formats of two sides that take turns, which say less than OpenAI's chat form.

What such a format can't say is `Unsuitable`, never left away: a weight that is not written is a
turn learnt that nobody vouched for, and reasoning that is not written is lost.
"""

from sync.examples.example import Message, Messages
from sync.formats.format import Unsuitable


def system_and_turns(messages: Messages) -> tuple[str, Messages]:
    """The system message's text, "" for none, and what comes after it.

    Raises:
        Unsuitable: a system message stands later in the conversation.
    """
    system = ""
    if messages and messages[0]["role"] == "system":
        system, messages = text_of(messages[0]), messages[1:]
    for message in messages:
        if message["role"] == "system":
            raise Unsuitable("a system message after the first message")
    return system, messages


def text_of(message: Message) -> str:
    """What a message says.

    Raises:
        Unsuitable: nothing, or not in text alone.
    """
    content = message.get("content")
    if type(content) is not str:
        raise Unsuitable("a message that is not text alone")
    if not content or content.isspace():
        raise Unsuitable("an empty message")
    if len(message) > 2 and message.get("reasoning_content"):
        raise Unsuitable("reasoning beside the answer; export it inside the answer, as <think>")
    return content
