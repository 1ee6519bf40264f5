"""How much memory a training run needs, before it begins.

The parts are those of the usual account of mixed and full precision training (Rajbhandari et al.
2020, ZeRO, section 3: weights, gradients, AdamW's two moments; activations). What is kept of each
token was fitted to measured peaks, see docs/finetune.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

_FLOAT = 4  # bytes
# weight, gradient and AdamW's two moments
_TRAINED = 4 * _FLOAT
# Python with PyTorch, transformers and TRL, before a model is loaded
_LIBRARIES = 600_000_000
# values that are kept of a token in a layer: of the hidden and of the inner size
_KEPT_HIDDEN = 18
_KEPT_INNER = 6
# of each token, how often as many values as the vocabulary has are held at once in 32 bits, from
# its logits to their gradient; 4.3 to 4.5 were measured (supervised, DPO and KTO)
_LOGITS_HELD = 5


@dataclass(frozen=True)
class ModelShape:
    """The sizes of a decoder, as `config.json` names them."""

    layers: int
    hidden: int
    inner: int
    heads: int
    key_heads: int
    vocabulary: int
    tied: bool

    @classmethod
    def of(cls, config: Mapping[str, Any]) -> Self:
        """Of a `config.json`.

        Raises:
            KeyError: it is that of no decoder.
        """
        text = config.get("text_config") or config
        heads = int(text["num_attention_heads"])
        return cls(
            layers=int(text["num_hidden_layers"]),
            hidden=int(text["hidden_size"]),
            inner=int(text["intermediate_size"]),
            heads=heads,
            key_heads=int(text.get("num_key_value_heads") or heads),
            vocabulary=int(text["vocab_size"]),
            tied=bool(text.get("tie_word_embeddings", False)),
        )

    @property
    def _key_size(self) -> int:
        return self.hidden * self.key_heads // self.heads

    @property
    def parameters(self) -> int:
        """Of all weights, but for norms and biases."""
        attention = 2 * self.hidden * self.hidden + 2 * self.hidden * self._key_size
        embeddings = self.vocabulary * self.hidden * (1 if self.tied else 2)
        return embeddings + self.layers * (attention + 3 * self.hidden * self.inner)

    def adapter(self, rank: int) -> int:
        """Parameters of an adapter of all linear layers."""
        widths = 4 * self.hidden + 2 * (self.hidden + self._key_size)
        return self.layers * rank * (widths + 3 * (self.hidden + self.inner))

    def logits_of_token(self) -> int:
        """Bytes that the loss of one token takes, however the layers are computed."""
        return _LOGITS_HELD * self.vocabulary * _FLOAT

    def kept_of_token(self) -> int:
        """Bytes of 32-bit numbers kept of one token for the way back, without checkpoints."""
        values = _KEPT_HIDDEN * self.hidden + _KEPT_INNER * self.inner
        return self.layers * values * _FLOAT


@dataclass(frozen=True)
class MemoryNeed:
    """Bytes that a run needs at its highest.

    Attributes:
        activations: of the layers, where none is computed again.
        logits: of a large vocabulary more than all layers.
    """

    weights: int
    trained: int
    activations: int
    logits: int
    libraries: int = _LIBRARIES

    @property
    def least(self) -> int:
        """What it needs however short its examples are."""
        return self.weights + self.trained + self.libraries

    @property
    def total(self) -> int:
        """All of it."""
        return self.least + self.activations + self.logits


def memory_need(
    shape: ModelShape,
    *,
    tokens: int,
    rank: int,
    full: bool = False,
    quantized: bool = False,
    half: bool = False,
    sequences: int = 1,
) -> MemoryNeed:
    """What a run needs.

    Args:
        tokens: of the longest batch, padding included.
        half: it computes in 16 bits, as adapters do on a GPU.
        sequences: of an example: two where answers are compared.
    """
    number = _FLOAT // 2 if half else _FLOAT
    weights = shape.parameters // 2 if quantized else number * shape.parameters
    trained = shape.parameters * (_TRAINED - _FLOAT) if full else _TRAINED * shape.adapter(rank)
    activations = tokens * sequences * shape.kept_of_token() * number // _FLOAT
    return MemoryNeed(weights, trained, activations, tokens * sequences * shape.logits_of_token())
