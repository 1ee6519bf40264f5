"""The tables of `labeltune.toml` that no single room owns."""

from pydantic import Field, model_validator

from sync.config.section import Section


class LabelStudioSection(Section):
    """Where the project lives and what its annotators see."""

    url: str = "http://127.0.0.1:8080"
    project: str = Field(default="Support answers", min_length=3)
    interface: str = "chat_response"
    profile: str | None = None
    guidelines: str | None = None
    overlap: int = Field(default=1, ge=1)
    categories: tuple[str, ...] = Field(default=(), strict=False)


class BackendSection(Section):
    """The ML backend that drafts."""

    url: str = "http://127.0.0.1:9090"


class PriceSection(Section):
    """What a model costs, in any currency, per million tokens."""

    input: float = Field(ge=0.0)
    output: float = Field(ge=0.0)


class LLMSection(Section):
    """The model that writes the drafts, behind any OpenAI-compatible endpoint, and its cost.

    Attributes:
        more_models: of the same endpoint; `samples` is shared out among all.
        prices: by model.
        budget: most that the project may cost in all; `daily_budget`: in one day (UTC).
    """

    base_url: str = "http://127.0.0.1:9091/v1"
    model: str = "qwen2.5-coder-1.5b-instruct"
    samples: int = Field(default=4, ge=1, le=16)
    temperature: float = Field(default=0.7, ge=0.0, le=2.0)
    max_tokens: int = Field(default=400, ge=16)
    examples: int = Field(default=3, ge=0, le=10)
    more_models: tuple[str, ...] = Field(default=(), strict=False)
    prices: dict[str, PriceSection] = Field(default_factory=dict)
    budget: float | None = Field(default=None, ge=0.0)
    daily_budget: float | None = Field(default=None, ge=0.0)

    @model_validator(mode="after")
    def _priced(self) -> "LLMSection":
        """A budget without a price would never be reached."""
        limited = self.budget is not None or self.daily_budget is not None
        for model in (self.model, *self.more_models) if limited else ():
            if model not in self.prices:
                raise ValueError(
                    f"a budget needs the price of {model!r}: add [llm.prices.{model!r}] with "
                    "input and output per million tokens"
                )
        return self


class EmbeddingSection(Section):
    """The sentence-transformers model that tells texts apart."""

    model: str = "all-MiniLM-L6-v2"


class DataSection(Section):
    """Where the table, the findings and the exports go."""

    dir: str = "labeltune-data"
