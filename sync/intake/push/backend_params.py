"""What a push tells the project's backend, and what of it makes drafts anew when it changes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

import label_configs
from drafting.draft_version import LATER, SHAPING
from drafting.plain_prompt import PlainPrompt
from drafting.project_settings import (
    DimensionSettings,
    EmbeddingSettings,
    LLMSettings,
    ProjectSettings,
)
from label_configs import LabelConfigError
from label_configs.review import ReviewInterface
from sync.settings import Config


@dataclass(frozen=True)
class LearntPrompt:
    """What is known of the prompt that the model of a project's drafts was tuned on.

    Attributes:
        prompt: None: it was not tuned, or nothing is known of it.
        note: why a tuned model is asked with another prompt, as a sentence; "" where it is not.
    """

    prompt: PlainPrompt | None = None
    note: str = ""


NOT_TUNED = LearntPrompt()


def backend_settings(
    config: Config,
    guidelines: str,
    label_config_sha256: str = "",
    views: Sequence[str] = (),
    learnt: PlainPrompt | None = None,
) -> ProjectSettings:
    """A project's settings as the backend reads them.

    Args:
        label_config_sha256: of the label config that the project has now.
        views: names of those that the project was given.
        learnt: the prompt that a tuned model that drafts has learned.
    """
    of_review = config.label_studio.interface == ReviewInterface.name
    reviewed = (each for each in config.siblings.values() if each.interface != ReviewInterface.name)
    return ProjectSettings(
        interface=config.label_studio.interface,
        categories=config.label_studio.categories,
        dimensions={
            name: DimensionSettings(
                labels=section.labels, assign=section.assigned_by, about=section.about
            )
            for name, section in config.categories.items()
        },
        guidelines=guidelines,
        llm=LLMSettings.model_validate({**config.llm.model_dump(), "learnt": learnt}),
        embedding=EmbeddingSettings.model_validate(config.embedding.model_dump()),
        annotation=config.export.annotation,
        reviews=tuple(each.project for each in reviewed) if of_review else (),
        label_config_sha256=label_config_sha256,
        views=tuple(views),
    )


def changed_settings(before: Mapping[str, Any], after: ProjectSettings) -> tuple[str, ...]:
    """What has changed that shapes drafts, as the user knows it; empty where nothing has.

    Args:
        before: what stands in Label Studio; an older or newer LabelTune may have written it.
    """
    return tuple(_changed(before, after.model_dump(mode="json")))


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    if before.get("interface") != after["interface"]:
        yield "label_studio.interface"
    elif _asked(before) != _asked(after):
        yield "label_studio.categories"
    plain, plain_before = _learnt(after), _learnt(before)
    whole = plain is None or plain_before is None
    if whole and before.get("guidelines") != after["guidelines"]:
        yield "the guidelines"
    unset = LLMSettings().model_dump(mode="json")
    llm = {name: unset[name] for name in LATER} | (before.get("llm") or {})
    shaping = (key for key in SHAPING if whole or key != "examples")
    yield from (f"llm.{key}" for key in shaping if key in llm and llm[key] != after["llm"][key])
    if plain != plain_before:
        yield "the prompt that llm.model learned"
    if _labels(before) != _labels(after):
        yield "[categories]"
    if (before.get("embedding") or {}).get("model") != after["embedding"]["model"]:
        yield "embedding.model"


def _learnt(settings: Mapping[str, Any]) -> PlainPrompt | None:
    """The prompt that a tuned model learned, where drafts are asked for with it."""
    try:
        known = ProjectSettings.model_validate(settings)
        return known.llm.plain_prompt(known.load_interface())
    except (LabelConfigError, ValidationError):
        return None


def _asked(settings: Mapping[str, Any]) -> Any:
    """What the model is asked for; an interface of the user's own may be gone by now."""
    try:
        interface = label_configs.load(settings["interface"], settings.get("categories", ()))
        return interface.asked(), interface.schema()
    except (LabelConfigError, KeyError):
        return None


def _labels(settings: Mapping[str, Any]) -> dict[str, tuple[Any, ...]]:
    """The kinds of category; what they tell apart is said to a model that assigns them."""
    found = (settings.get("dimensions") or {}).items()
    return {
        name: (each["labels"], each["assign"], each["assign"] == "model" and each["about"])
        for name, each in found
    }
