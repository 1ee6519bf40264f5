"""`[finetune.endpoint]` of `labeltune.toml`: who tunes the model on other machines."""

from pydantic import Field, field_validator

from sync.settings.section import Section


class FinetuneEndpointSection(Section):
    """An endpoint with a fine-tuning API; its key comes from the environment.

    Attributes:
        provider: whose API it is: openai, azure, together, fireworks.
        base_url: None: the provider's own.
        learning_rate_multiplier: of the provider's own rate; None: it chooses.
        beta: of dpo: how near to the base the model stays; None: the provider chooses.
        grader: of reinforcement: a JSON file with the grader, relative to the configuration.
        training_type: where Azure trains: globalStandard, standard or developer.
        every_s: how often a job is looked at.
    """

    provider: str = "openai"
    base_url: str | None = None
    learning_rate_multiplier: float | None = Field(default=None, gt=0.0)
    beta: float | None = Field(default=None, gt=0.0)
    grader: str | None = None
    training_type: str | None = None
    every_s: float = Field(default=10.0, gt=0.0)

    @field_validator("base_url")
    @classmethod
    def _without_secret(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("http://", "https://")):
            raise ValueError(f"{value!r} is no address; write https://…/v1")
        if value is not None and "@" in value.partition("://")[2].partition("/")[0]:
            raise ValueError("a URL must hold no key; put it into the environment or .env")
        return value
