"""What a project's drafts are made by: `labeltune push` writes it, the backend reads it.

Between them Label Studio keeps it, in the `extra_params` of the project's backend, as
`{"labeltune": {"format": 1, "interface": "chat_response", "llm": {"model": "m", …}, …}}`.
"""

import json
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

import label_configs
from connectors.llm_tools import ToolChoice
from drafting.plain_prompt import PlainPrompt
from label_configs import Interface
from label_configs.annotations import ORDER, Rule

# the key in `extra_params`; what stands beside it is somebody else's
OURS = "labeltune"
# It rises when a backend that does not know of a change would draft wrongly; one that it can pass
# over, such as another key, leaves it as it is. Settings without a number were pushed before there
# were numbers, and are read as the first format.
FORMAT = 2
# of settings without what came with the second: a prompt that a tuned model learned
_FIRST_FORMAT = 1


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
        learnt: the prompt of the release that the model was tuned on; None: it was not, or nothing
            is known of it.
        self_judgement: the model is asked whether its draft is right, as one more signal.
        prices: by model; a model without one costs nothing.
        tool_choice: of tasks with tools: `auto`, the model decides whether to call one; `required`;
            `none`, it is told of them and may not.
        parallel_tool_calls: whether a draft may call several tools; None: as the server has it.
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
    tool_choice: ToolChoice = "auto"
    parallel_tool_calls: bool | None = None
    learnt: PlainPrompt | None = None
    self_judgement: bool = False
    prices: Mapping[str, Price] = {}
    budget: float | None = Field(default=None, ge=0.0)
    daily_budget: float | None = Field(default=None, ge=0.0)

    @property
    def models(self) -> tuple[str, ...]:
        """Every model that drafts, each once."""
        return tuple(dict.fromkeys((self.model, *self.more_models)))

    def plain_prompt(self, interface: Interface[Any]) -> PlainPrompt | None:
        """The prompt that the model learned, where drafts are asked for with it.

        They are not where other models draft beside it, which never learned it, nor where the
        interface's drafts need more than the model learned to say.
        """
        learnt = self.learnt
        if learnt is None or len(self.models) > 1:
            return None
        # whether a template shows `reasoning_content`, each model has its own way
        return learnt if interface.is_drafted_plainly(learnt.reasoning == "think") else None


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
    """What shapes a project's drafts, and which finished work they may be shown.

    Attributes:
        categories: the project's own; none: those of the interface; None: its page has no list.
        dimensions: the kinds of category by name; drafts carry a label of each.
        guidelines: what annotators see too: the profile, if there is one, then the guidelines.
        annotation: the rules by which one annotation of a task counts, the first that settles it.
        reviews: of a project with the interface `review`, the titles of those that it reviews;
            None: not told, as by a push of an older LabelTune.
        label_config_sha256: of the label config that the last push left in Label Studio, by which
            the next one sees whether somebody changed it there; "": somebody has. No backend
            needs it.
        views: names of the views that pushes gave the project, each once; None: not told, as by a
            push of an older LabelTune. No backend needs them.
    """

    interface: str = "chat_response"
    categories: tuple[str, ...] | None = ()
    dimensions: Mapping[str, DimensionSettings] = {}
    guidelines: str = ""
    llm: LLMSettings = LLMSettings()
    embedding: EmbeddingSettings = EmbeddingSettings()
    annotation: tuple[Rule, ...] = Field(default=ORDER, min_length=1)
    reviews: tuple[str, ...] | None = None
    label_config_sha256: str = ""
    views: tuple[str, ...] | None = None

    def to_extra_params(self) -> dict[str, Any]:
        """The `extra_params` that `from_extra_params` reads, as plain values."""
        number = _FIRST_FORMAT if self.llm.learnt is None else FORMAT
        return {OURS: {"format": number, **self.model_dump(mode="json")}}

    @classmethod
    def from_extra_params(cls, extra_params: Any) -> "ProjectSettings":
        """Read `extra_params`, which Label Studio sends as an object, as JSON text, or not at all.

        Raises:
            SettingsError: not JSON, a value that can't be used, or a newer format.
        """
        written = decoded(extra_params).get(OURS, {})
        _refuse_newer(written)
        try:
            return cls.model_validate(written)
        except ValidationError as error:
            fault = error.errors()[0]
            where = ".".join((OURS, *(str(part) for part in fault["loc"])))
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


def decoded(extra_params: Any) -> Mapping[str, Any]:
    """`extra_params` as an object; an empty one where Label Studio holds none.

    Raises:
        SettingsError: they are text that is not JSON.
    """
    held = extra_params
    if isinstance(held, str):
        try:
            held = json.loads(held) if held.strip() else None
        except json.JSONDecodeError as error:
            raise SettingsError(f"extra_params is not JSON ({error})") from error
    return held if isinstance(held, dict) else {}


def _refuse_newer(written: Any) -> None:
    number = written.get("format") if isinstance(written, dict) else None
    if number is None:
        return
    if isinstance(number, bool) or not isinstance(number, int):
        raise SettingsError(
            f"extra_params: {OURS}.format: expected a number, found {number!r}; "
            "run `labeltune push` again"
        )
    if number > FORMAT:
        raise SettingsError(
            f"extra_params: {OURS}.format is {number}, and this backend reads {FORMAT} and older: "
            "a newer LabelTune has pushed; upgrade the backend to the same version"
        )
