"""The version of a project's drafts: a digest of the settings and prompts that shape them."""

import functools
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from drafting import choose_categories
from drafting.project_settings import ProjectSettings
from drafting.prompts import FewShotExample, messages_of

# what of `llm` shapes a draft; the rest is where the model is, and what it may cost
SHAPING = (
    "model",
    "more_models",
    "samples",
    "temperature",
    "max_tokens",
    "examples",
    "tool_choice",
    "parallel_tool_calls",
)
# versions are older than these settings, which say nothing where they are not set
LATER = {"more_models": (), "tool_choice": "auto", "parallel_tool_calls": None}

_DIGITS = 8
_REPLACED = "~"

# every branch of the prompt shows in it, so that a changed prompt changes the version
_PROBE: dict[str, Any] = {
    "messages": [{"role": "system", "content": "s"}, {"role": "user", "content": "u"}],
    "context": {"name": "fact"},
    "documents": [{"title": "t", "text": "d"}],
}
_PROBE_EXAMPLES = [FewShotExample("q", "r")]


def model_version(settings: ProjectSettings) -> str:
    """The version of a project's drafts: `chat_response-tiny-model-4d01e207`.

    It is made of the interface, the model and 8 hex digits. It changes when, and only when, the
    interface, the prompt (profile, guidelines and number of examples included), the model or the
    sampling parameters change. The prompt that a tuned model learned has none of these three.

    Raises:
        UnknownInterfaceError: there is no interface of that name.
    """
    return _version(json.dumps(settings.model_dump()))


def replaced_version(version: str) -> str:
    """What a draft's version becomes when a second pass replaces it: `…-tiny-model~4d01e207`.

    The draft stays, since a page may hold it, and Label Studio refuses an annotation whose
    prediction is gone. It must not hold the version itself: Label Studio's filter would find it.
    """
    name, _, digest = version.rpartition("-")
    return f"{name}{_REPLACED}{digest}"


def drafted_version(version: str) -> str:
    """The version that a draft was made by, replaced or not."""
    name, mark, digest = version.rpartition(_REPLACED)
    return f"{name}-{digest}" if mark and len(digest) == _DIGITS else version


@functools.lru_cache(maxsize=256)
def _version(settings_json: str) -> str:
    settings = ProjectSettings.model_validate(json.loads(settings_json))
    interface, llm = settings.load_interface(), settings.llm
    probe = _PROBE | {"guidelines": settings.guidelines}
    plain = llm.plain_prompt(interface)
    shape = {
        "interface": interface.name,
        "reply_schema": interface.schema(),
        "prompt": messages_of(interface, probe, _PROBE_EXAMPLES[: llm.examples], plain),
        "embedding": settings.embedding.model,
        **{name: getattr(llm, name) for name in SHAPING},
        **_categories_shape(settings, probe),
        **({} if plain is None else {"examples": 0, "learnt": asdict(plain)}),
    }
    for name, unset in LATER.items():
        if shape[name] == unset:
            del shape[name]
    digest = hashlib.sha256(json.dumps(shape, sort_keys=True).encode()).hexdigest()[:_DIGITS]
    return f"{interface.name}-{llm.model.rsplit('/', 1)[-1]}-{digest}"


def _categories_shape(settings: ProjectSettings, probe: Mapping[str, Any]) -> dict[str, Any]:
    """What decides the labels of a draft; nothing where there are no dimensions."""
    if not settings.dimensions:
        return {}
    given = {name: (one.labels, one.assign) for name, one in settings.dimensions.items()}
    shape: dict[str, Any] = {"dimensions": given}
    if asked := settings.asked_of_model():
        shape["categories_prompt"] = next(choose_categories.prompts(asked, probe))
    return shape
