"""The answer at a conversation's end: to keep, to drop, or to hold beside it as the reference."""

from collections.abc import Sequence
from typing import Any

from label_configs.errors import LabelConfigError
from label_configs.interface import Interface
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


def settle(
    messages: Sequence[SourceMessage], rule: LastAssistant, where: str
) -> tuple[list[SourceMessage], str | None]:
    """A conversation as the interface is to have it, and the answer that was taken from its end.

    Raises:
        SourceError: nobody asks anything.
        Unshowable: the answer is made of tools' turns as well, so it is no text.
    """
    asked = [at for at, message in enumerate(messages) if message["role"] == "user"]
    if rule == "keep" or (asked and asked[-1] == len(messages) - 1):
        return list(messages), None
    if not asked:
        raise SourceError(f"{where}: no turn is the user's, so nothing is answered; add one")
    before, after = list(messages[: asked[-1] + 1]), messages[asked[-1] + 1 :]
    if rule == "drop":
        return before, None
    roles = [message["role"] for message in after]
    if set(roles) != {"assistant"}:
        raise Unshowable(
            f"{where}: after the last question come the turns {', '.join(roles)}, which are no "
            'one answer; use the interface multi_turn, or sources.last_assistant = "drop"'
        )
    if any(message.get("tool_calls") for message in after):
        raise Unshowable(
            f"{where}: the answer calls a tool, so it is no text; use the interface multi_turn, or "
            'sources.last_assistant = "drop"'
        )
    return before, "\n\n".join(message["content"] for message in after)
