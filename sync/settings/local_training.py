"""`[finetune.local]` of `labeltune.toml`: what only training on this machine has."""

from typing import Self

from pydantic import Field, model_validator

from sync.settings.section import Section


class LocalTrainingSection(Section):
    """How a model is trained on this machine.

    Attributes:
        rank: of the adapter (LoRA), on every linear layer.
        alpha: what the adapter's part is scaled by, over its rank.
        max_length: tokens of an example, its prompt included; longer ones are left out.
        rehearsal: share of general examples among those that are learned, in [0, 0.5].
        kl_weight: of the divergence from the base on its own general replies, which is then held
            small in place of learning them; 0: they are learned.
        patience: evaluations in a row without a lower validation loss before it stops.
        evaluations: on the validation split, and checkpoints, in a whole run.
        full: train every weight, not an adapter.
        quantize: hold the base in 4 bits (QLoRA); needs a GPU and bitsandbytes.
        merge: write base and adapter in one as well, for vLLM and others.
        threads: of the processor; None: measured at the first step.
    """

    rank: int = Field(default=16, ge=1, le=512)
    alpha: int = Field(default=32, ge=1)
    max_length: int = Field(default=1024, ge=64)
    rehearsal: float = Field(default=0.15, ge=0.0, le=0.5)
    kl_weight: float = Field(default=2.0, ge=0.0, le=100.0)
    patience: int = Field(default=3, ge=1)
    evaluations: int = Field(default=10, ge=1)
    full: bool = False
    quantize: bool = False
    merge: bool = False
    threads: int | None = Field(default=None, ge=1)

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.full and self.quantize:
            raise ValueError("full trains every weight, which quantize holds in 4 bits; take one")
        return self
