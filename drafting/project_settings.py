"""What a project's drafts are made by: written by `push`, read by a backend, as `extra_params`."""

import hashlib
import json
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

import label_configs
from drafting import category_prompt
from drafting.finished_example import Example
from drafting.prompts import build_messages
from label_configs import Interface


class SettingsError(ValueError):
    """`extra_params` or the environment holds something that can't be used."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Price(_Part):
    """What a model costs, in any currency, per million tokens."""

    input: float = Field(ge=0.0)
    output: float = Field(ge=0.0)


class LLMSettings(_Part):
    """How a project's drafts are sampled, and what they may cost.

    Attributes:
        more_models: drafts come from these as well, `samples` being shared out among all.
        prices: by model; a model without one costs nothing.
        budget: most that the project may cost in all, in the prices' currency; None: no limit.
        daily_budget: likewise for one day (UTC).
    """

    base_url: str | None = None
    model: str = "qwen2.5-coder-1.5b-instruct"
    more_models: tuple[str, ...] = ()
    samples: int = Field(default=4, ge=1, le=16)
    temperature: float = Field(default=0.7, ge=0.0, le=2.0)
    max_tokens: int = Field(default=400, ge=16)
    examples: int = Field(default=3, ge=0, le=10)
    prices: Mapping[str, Price] = {}
    budget: float | None = Field(default=None, ge=0.0)
    daily_budget: float | None = Field(default=None, ge=0.0)

    @property
    def models(self) -> tuple[str, ...]:
        """Every model that drafts, each once."""
        return tuple(dict.fromkeys((self.model, *self.more_models)))


class EmbeddingSettings(_Part):
    """The model that compares drafts."""

    model: str = "all-MiniLM-L6-v2"


class DimensionSettings(_Part):
    """One kind of category.

    Attributes:
        labels: what annotators choose from.
        assign: who chooses first: `model`, else the task's data or nobody.
        about: what the labels tell apart.
    """

    labels: tuple[str, ...] = ()
    assign: str = "none"
    about: str = ""


class ProjectSettings(_Part):
    """What `labeltune push` writes into a backend's `extra_params` under `labeltune`.

    Attributes:
        categories: the project's own; none: those of the interface; None: its page has no list.
        dimensions: the kinds of category by name; drafts carry a label of each.
        guidelines: what annotators see too: the profile, if there is one, then the guidelines.
    """

    interface: str = "chat_response"
    categories: tuple[str, ...] | None = ()
    dimensions: Mapping[str, DimensionSettings] = {}
    guidelines: str = ""
    llm: LLMSettings = LLMSettings()
    embedding: EmbeddingSettings = EmbeddingSettings()

    @classmethod
    def from_extra_params(cls, extra_params: Any) -> "ProjectSettings":
        """Read `extra_params`, which Label Studio sends as an object, as JSON text, or not at all.

        Raises:
            SettingsError: not JSON, or a value that can't be used.
        """
        try:
            raw = extra_params
            if isinstance(raw, str):
                raw = json.loads(raw) if raw.strip() else None
            mine = raw.get("labeltune", {}) if isinstance(raw, dict) else {}
            return cls.model_validate(mine)
        except json.JSONDecodeError as error:
            raise SettingsError(f"extra_params is not JSON ({error})") from error
        except ValidationError as error:
            fault = error.errors()[0]
            where = ".".join(("labeltune", *(str(part) for part in fault["loc"])))
            raise SettingsError(
                f"extra_params: {where}: {fault['msg']}; run `labeltune push` again"
            ) from error

    def load_interface(self) -> Interface[Any]:
        """The project's interface.

        Raises:
            UnknownInterfaceError: there is none of that name.
        """
        labels = {name: dimension.labels for name, dimension in self.dimensions.items()}
        return label_configs.load(self.interface, self.categories, labels)

    def asked_of_model(self) -> dict[str, DimensionSettings]:
        """The kinds of category that the model assigns, by name."""
        return {name: one for name, one in self.dimensions.items() if one.assign == "model"}

    def model_version(self) -> str:
        """The version of this project's drafts: `<interface>-<model>-<8 hex digits>`.

        Changes when, and only when, the interface, the prompt (profile, guidelines and number of
        examples included), the model or the sampling parameters change.
        """
        return self._version

    @cached_property
    def _version(self) -> str:
        interface = self.load_interface()
        probe = _PROBE | {"guidelines": self.guidelines}
        shape = {
            "interface": interface.name,
            "reply_schema": interface.schema(),
            "prompt": build_messages(interface, probe, _PROBE_EXAMPLES[: self.llm.examples]),
            "examples": self.llm.examples,
            "model": self.llm.model,
            **({"more_models": self.llm.more_models} if self.llm.more_models else {}),
            **self._categories_shape(probe),
            "samples": self.llm.samples,
            "temperature": self.llm.temperature,
            "max_tokens": self.llm.max_tokens,
            "embedding": self.embedding.model,
        }
        digest = hashlib.sha256(json.dumps(shape, sort_keys=True).encode()).hexdigest()[:8]
        return f"{interface.name}-{self.llm.model.rsplit('/', 1)[-1]}-{digest}"

    def _categories_shape(self, probe: Mapping[str, Any]) -> dict[str, Any]:
        """What decides the labels of a draft; nothing where there are no dimensions."""
        if not self.dimensions:
            return {}
        given = {name: (one.labels, one.assign) for name, one in self.dimensions.items()}
        shape: dict[str, Any] = {"dimensions": given}
        if asked := self.asked_of_model():
            shape["categories_prompt"] = next(category_prompt.prompts(asked, probe))
        return shape


# every branch of the prompt shows in it, so that a changed prompt changes the version
_PROBE: dict[str, Any] = {
    "messages": [{"role": "system", "content": "s"}, {"role": "user", "content": "u"}],
    "context": {"name": "fact"},
    "documents": [{"title": "t", "text": "d"}],
}
_PROBE_EXAMPLES = [Example("q", "r")]
