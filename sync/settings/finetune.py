"""`[finetune]` of `labeltune.toml`: which model is tuned on a release, by whom, and how."""

from typing import Literal

from pydantic import Field

from sync.settings.finetune_endpoint import FinetuneEndpointSection
from sync.settings.local_training import LocalTrainingSection
from sync.settings.section import Section

TuningMethod = Literal["supervised", "dpo", "kto", "reinforcement"]


class FinetuneSection(Section):
    """What both ways to tune a model share; a way's own settings have a table of its own.

    Attributes:
        way: who trains: this machine, or an endpoint that speaks OpenAI's fine-tuning API.
        base: the model to tune: as the endpoint names it; or a folder, an id or a GGUF.
        method: what is learned: answers, which of two answers is better, whether an answer is
            good, or what a grader rewards.
        release: a name, `latest`, or a folder.
        format: of the release's files; None: the one that the way reads for the method.
        name: of the tuned model; None: the base's name and a hash of all that decides what it is.
        epochs: None: those of `[training]`.
        learning_rate: None: what the way takes for good.
        batch_size: examples; None: what the way takes for good.
        seed: the same one gives the same model, as far as the trainer keeps that.
        local: what only training on this machine has.
    """

    way: Literal["local", "endpoint"] = "local"
    base: str | None = None
    method: TuningMethod = "supervised"
    release: str = "latest"
    format: str | None = None
    name: str | None = None
    epochs: int | None = Field(default=None, ge=1)
    learning_rate: float | None = Field(default=None, gt=0.0)
    batch_size: int | None = Field(default=None, ge=1)
    seed: int = Field(default=0, ge=0)
    endpoint: FinetuneEndpointSection = FinetuneEndpointSection()
    local: LocalTrainingSection = LocalTrainingSection()
