"""What a push tells the project's backend, and what of it makes drafts anew when it changes."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import label_configs
from label_configs import LabelConfigError
from sync.common.json_text import Json
from sync.settings import Config

# what of `llm` shapes a draft; the rest is where the model is, and what it may cost
_SHAPING = ("model", "more_models", "samples", "temperature", "max_tokens", "examples")


def told(config: Config, guidelines: str) -> Json:
    """A project's settings, in the form in which the backend reads them."""
    own = config.label_studio.categories
    return {
        "interface": config.label_studio.interface,
        "categories": None if own is None else list(own),
        "dimensions": {
            name: {
                "labels": list(section.labels),
                "assign": section.assigned_by,
                "about": section.about,
            }
            for name, section in config.categories.items()
        },
        "guidelines": guidelines,
        "llm": config.llm.model_dump(),
        "embedding": config.embedding.model_dump(),
    }


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    """What has changed that shapes drafts, as the user knows it; empty where nothing has.

    Args:
        before, after: of `told`; the first one may be an older LabelTune's.
    """
    return tuple(_changed(before, json.loads(json.dumps(after))))


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    if before.get("interface") != after["interface"]:
        yield "label_studio.interface"
    elif _asked(before) != _asked(after):
        yield "label_studio.categories"
    if before.get("guidelines") != after["guidelines"]:
        yield "the guidelines"
    llm = before.get("llm") or {}
    yield from (f"llm.{key}" for key in _SHAPING if key in llm and llm[key] != after["llm"][key])
    if _labels(before) != _labels(after):
        yield "[categories]"
    if (before.get("embedding") or {}).get("model") != after["embedding"]["model"]:
        yield "embedding.model"


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
