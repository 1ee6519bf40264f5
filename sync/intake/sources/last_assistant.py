"""The answer at a conversation's end: to keep, to drop, or to hold beside it as the reference."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from label_configs.content import image_urls, text_of
from label_configs.errors import LabelConfigError
from label_configs.interface import Interface
from label_configs.message_forms import call_fault
from label_configs.source_reasoning import reasoning_of
from sync.common.errors import SourceError
from sync.intake.sources.row import Unshowable
from sync.intake.sources.shapes import SourceMessage
from sync.settings.sources import LastAssistant

_FINISHED = ({"role": "user", "content": "?"}, {"role": "assistant", "content": "!"})


def rule_for(setting: LastAssistant, interface: Interface[Any] | None) -> LastAssistant:
    """What "auto" and "draft" mean: "keep" where the interface takes finished conversations.

    Returns:
        "keep", "drop", "reference" or "draft".

    Raises:
        SourceError: an answer can't be a draft of the interface.
    """
    if setting not in ("auto", "draft"):
        return setting
    if interface is not None and _takes_finished(interface):
        return "keep"
    if setting == "draft" and interface is not None and not interface.draft_is_text:
        raise SourceError(
            f'sources.last_assistant = "draft": a draft of {interface.name} is more than one '
            'answer; use the interface chat_response, or "reference"'
        )
    return "draft" if setting == "draft" else "reference"


def _takes_finished(interface: Interface[Any]) -> bool:
    try:
        interface.check_conversation(_FINISHED, "")
    except LabelConfigError:
        return False
    return True


@dataclass(frozen=True)
class TakenAnswer:
    """The answer that was taken from a conversation's end.

    Attributes:
        text: "" where it only calls tools.
        calls: as `tool_calls` of a message.
    """

    text: str
    calls: Sequence[Any] = ()
    reasoning: str = ""


def settle(
    messages: Sequence[SourceMessage], rule: LastAssistant, where: str
) -> tuple[list[SourceMessage], TakenAnswer | None]:
    """A conversation as the interface is to have it, and the answer that was taken from its end.

    The answer is what the assistant says after the user's last turn, or after a tool's last result.

    Raises:
        SourceError: nobody asks anything.
        Unshowable: the conversation ends with another's turn, or the answer holds a picture.
    """
    if rule == "keep":
        return list(messages), None
    asked = [at for at, message in enumerate(messages) if message["role"] == "user"]
    if not asked:
        raise SourceError(f"{where}: no turn is the user's, so nothing is answered; add one")
    if rule == "drop":
        return list(messages[: asked[-1] + 1]), None
    end = len(messages)
    while messages[end - 1]["role"] == "assistant":
        end -= 1
    before, after = list(messages[:end]), messages[end:]
    if before[-1]["role"] not in ("user", "tool"):
        roles = [message["role"] for message in messages[asked[-1] + 1 :]]
        raise Unshowable(
            f"{where}: after the last question come the turns {', '.join(roles)}, which are no "
            'one answer; use the interface multi_turn, or sources.last_assistant = "drop"'
        )
    if any(turn.get("tool_calls") for turn in after) and (fault := call_fault(messages)):
        raise SourceError(f"{where}: {fault}")
    return before, _answer(after, where) if after else None


def _answer(turns: Sequence[SourceMessage], where: str) -> TakenAnswer:
    """The assistant's turns as one answer."""
    if any(image_urls(turn["content"]) for turn in turns):
        raise Unshowable(
            f"{where}: the answer holds a picture, which no draft can; use the interface "
            'multi_turn, or sources.last_assistant = "drop"'
        )
    return TakenAnswer(
        "\n\n".join(filter(None, (text_of(turn["content"]) for turn in turns))),
        [call for turn in turns for call in turn.get("tool_calls") or ()],
        "\n\n".join(filter(None, map(reasoning_of, turns))),
    )
