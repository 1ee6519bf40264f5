"""The tables of `labeltune.toml` for Label Studio, backend, models and data folder."""

import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, field_validator, model_validator

from connectors.llm_tools import ToolChoice
from sync.settings.section import Section

# object stores that the table library reads and writes
STORES = ("s3", "s3a", "gs", "az", "azure", "adl", "abfs", "abfss")
_SECRET = re.compile(
    r"secret|password|bearer|token(?!_file)|(access|account|sas|customer|master)_?key|"
    r"service_account_key|\bsas_",
    re.IGNORECASE,
)


def _no_list(value: object) -> object:
    """TOML has no null, so that `false` says that a page is to have no list at all."""
    return None if value is False else value


# a project's own categories; none: the interface's; None, which the file calls false: no list
OwnCategories = Annotated[tuple[str, ...] | None, BeforeValidator(_no_list)]


class LabelStudioSection(Section):
    """Where the project lives and what its annotators see.

    Attributes:
        categories: none: those of the interface; None: the page has no list of them.
    """

    url: str = "http://127.0.0.1:8080"
    project: str = Field(default="Support answers", min_length=3)
    interface: str = "chat_response"
    profile: str | None = None
    guidelines: str | None = None
    overlap: int = Field(default=1, ge=1)
    categories: OwnCategories = Field(default=(), strict=False)


class ProjectSection(Section):
    """The keys of one project of several; a key that is not set is taken from `[label_studio]`."""

    project: str | None = Field(default=None, min_length=3)
    interface: str | None = None
    profile: str | None = None
    guidelines: str | None = None
    overlap: int | None = Field(default=None, ge=1)
    categories: OwnCategories = Field(default=(), strict=False)


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
        release: that the model learned, where no entry of `models/` tells: a name, `latest` or a
            folder; None: the entry tells, or it was not tuned.
        more_models: of the same endpoint; `samples` is shared out among all.
        tool_choice: of tasks with tools: whether the model decides to call one, must, or may not.
        parallel_tool_calls: whether a draft may call several; None: as the server has it.
        self_judgement: the model is asked whether its draft is right, at the cost of a call.
        prices: by model.
        budget: most that the project may cost in all; `daily_budget`: in one day (UTC).
    """

    base_url: str = "http://127.0.0.1:9091/v1"
    model: str = "qwen2.5-coder-1.5b-instruct"
    release: str | None = None
    samples: int = Field(default=4, ge=1, le=16)
    temperature: float = Field(default=0.7, ge=0.0, le=2.0)
    max_tokens: int = Field(default=400, ge=16)
    examples: int = Field(default=3, ge=0, le=10)
    more_models: tuple[str, ...] = Field(default=(), strict=False)
    tool_choice: ToolChoice = "auto"
    parallel_tool_calls: bool | None = None
    self_judgement: bool = False
    prices: dict[str, PriceSection] = Field(default_factory=dict)
    budget: float | None = Field(default=None, ge=0.0)
    daily_budget: float | None = Field(default=None, ge=0.0)

    @model_validator(mode="after")
    def _priced(self) -> "LLMSection":
        """Refuse a budget for a model without a price: it would never be reached."""
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
    """Where the table, the findings and the releases go.

    Attributes:
        dir: a folder, or the URL of one in an object store.
        storage_options: of the object store, as deltalake names them; never a secret.
    """

    dir: str = "labeltune-data"
    storage_options: dict[str, str] = Field(default_factory=dict)

    @property
    def is_url(self) -> bool:
        """Whether `dir` is in an object store."""
        return "://" in self.dir

    @field_validator("dir")
    @classmethod
    def _reachable(cls, value: str) -> str:
        scheme, separator, _ = value.partition("://")
        if not separator:
            return value
        if scheme not in STORES:
            known = ", ".join(f"{store}://" for store in STORES)
            raise ValueError(f"{scheme}:// is no object store that is known here ({known})")
        parts = urlsplit(value)
        if scheme in ("s3", "s3a", "gs") and "@" in parts.netloc:
            raise ValueError("a URL must hold no key; put it into the environment or .env")
        if not parts.netloc:
            raise ValueError(f"{value!r} names no bucket; write {scheme}://bucket/folder")
        return value.rstrip("/")

    @field_validator("storage_options")
    @classmethod
    def _not_secret(cls, value: dict[str, str]) -> dict[str, str]:
        for key in value:
            if _SECRET.search(key):
                raise ValueError(
                    f"{key} is a secret; put it into the environment or .env, as the store's own "
                    "tools name it (AWS_SECRET_ACCESS_KEY, …)"
                )
        return value
