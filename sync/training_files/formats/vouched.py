"""What of a conversation may be learnt by readers that learn every answer of it."""

from sync.training_files.example import Messages
from sync.training_files.formats.format import Unsuitable


def vouched(messages: Messages, instead: str = "") -> Messages:
    """The conversation up to the last turn to learn, for formats that know no weights.

    Args:
        instead: what holds such a conversation, told to who finds it left out.

    Raises:
        Unsuitable: an answer before that turn is not to be learnt.
    """
    if not any("weight" in message for message in messages) and messages[-1]["role"] == "assistant":
        return messages  # as most are
    end = 0
    unvouched = False
    for number, message in enumerate(messages, 1):
        if message["role"] != "assistant":
            continue
        if message.get("weight", 1) == 0:
            unvouched = True
        elif unvouched:
            raise Unsuitable(
                "an assistant's turn before the answer was not vouched for, and this format "
                f"teaches every turn{instead}"
            )
        else:
            end = number
    return messages[:end]
