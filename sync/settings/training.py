"""`[training]` of `labeltune.toml`: what a fine-tuning job costs."""

from pydantic import Field

from sync.settings.section import Section


class TrainingPriceSection(Section):
    """What training a model costs.

    Attributes:
        per_million: tokens trained on, each epoch anew.
        currency: any; it is only shown.
    """

    per_million: float = Field(ge=0.0)
    currency: str = ""


class TrainingSection(Section):
    """What an estimate of a job goes by.

    Attributes:
        epochs: how often a job goes through its examples.
        prices: by the model's name.
    """

    epochs: int = Field(default=3, ge=1)
    prices: dict[str, TrainingPriceSection] = Field(default_factory=dict)
