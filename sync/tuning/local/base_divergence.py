"""How far a model has moved from its base on general conversations, and what holds it there.

After each step's examples, the divergence on one conversation goes into the gradient as well:
KL(base || tuned) of the next token, in nats, the mean over the conversation. So the model may
learn the examples any way but those that change what it says elsewhere. To learn the base's
replies word by word instead makes them known by heart, and holds the rest less.

Source: learning without forgetting (Li and Hoiem 2016), with an adapter: its base is the same
model with the adapter switched off, so that no second model is held in memory.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sync.common.json_text import Json
from sync.tuning.local.training_rows import token_ids

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedTokenizerBase


@dataclass(frozen=True)
class BaseDivergence:
    """The divergence of a model with an adapter from its base, a conversation a step.

    Attributes:
        conversations: the ids of the tokens of each, its prompt included.
        weight: that a nat of divergence has beside a nat of loss; above 0.
    """

    conversations: tuple[tuple[int, ...], ...]
    weight: float

    @classmethod
    def on(
        cls, rows: Sequence[Json], tokenizer: "PreTrainedTokenizerBase", weight: float
    ) -> "BaseDivergence | None":
        """On rows of `prompt` and `completion`; None where there are none."""
        found = tuple(tuple(token_ids(row, "completion", tokenizer)) for row in rows)
        return cls(found, weight) if found else None

    @property
    def longest(self) -> int:
        """Tokens of the longest conversation."""
        return max(map(len, self.conversations))

    def at(self, step: int, model: Any, with_adapter: Any) -> "torch.Tensor":
        """The divergence on the conversation of a step: the same one whenever it is repeated.

        Args:
            step: from 0; conversations are taken in turn.
            model: gives the logits.
            with_adapter: the same model as peft has it, which can switch the adapter off.

        Returns:
            A number >= 0 that a gradient goes back from: nats, the mean over tokens.
        """
        import torch

        ids = self.conversations[step % len(self.conversations)]
        tokens = torch.tensor([ids], device=with_adapter.device)
        # the base first, so that what it takes is gone before the way back begins
        with torch.no_grad(), with_adapter.disable_adapter():
            base = _log_probabilities(with_adapter(input_ids=tokens))
        return divergence(base, _log_probabilities(model(input_ids=tokens)))


def divergence(base: "torch.Tensor", tuned: "torch.Tensor") -> "torch.Tensor":
    """KL(base || tuned) of the next token, in nats, the mean over tokens.

    Args:
        base, tuned: log probabilities, (1, tokens, vocabulary).
    """
    from torch.nn.functional import kl_div

    # not the logarithm of the base's: what has no probability at all would be no number there
    summed = kl_div(tuned, base.exp(), reduction="sum")
    return summed / base.shape[:-1].numel()


def _log_probabilities(output: Any) -> "torch.Tensor":
    found: torch.Tensor = output.logits.float().log_softmax(-1)
    return found
