"""The arms of an evaluation: base, base with the project's full prompt, tuned, and any other."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from sync.common.errors import ConfigError
from sync.common.wording import nearest
from sync.settings import Config
from sync.tuning.models.model_entry import ModelEntry

BASE, FULL = "base", "base+prompt"
# of a tuned model: before its name, as in `llm.model`
TUNED = "tuned:"
KEY = "OPENAI_API_KEY"

PromptKind = Literal["plain", "full"]


@dataclass(frozen=True)
class EvaluatedArm:
    """A model, and how it is asked.

    Attributes:
        model: as its endpoint names it.
        prompt: `plain`, what the release has before the answer, which a tuned model learned;
            `full`, what the backend drafts with: guidelines, material and similar finished answers.
        key: the environment variable with the endpoint's key.
        made_of: what tells the model from another of the same name, such as what it learned.
        entry: of a model that was tuned here.
        adapter_scale: of a llama.cpp server that holds base and adapter at once, how much the
            adapter counts: 0, the base answers; 1, the tuned model; None: it holds one model.
    """

    name: str
    model: str
    base_url: str
    prompt: PromptKind
    key: str = KEY
    made_of: str = ""
    entry: ModelEntry | None = None
    adapter_scale: int | None = None


def arms_of(config: Config, entries: Sequence[ModelEntry]) -> tuple[EvaluatedArm, ...]:
    """All arms of an evaluation: base, base with the full prompt, the others, the tuned models.

    Raises:
        ConfigError: the base can't be told, or an arm's name is taken.
    """
    base = _base(config, entries)
    arms = [
        base,
        replace(base, name=FULL, prompt="full"),
        *_others(config),
        *(_tuned(config, entry) for entry in entries),
    ]
    names = [arm.name for arm in arms]
    for name in names:
        if names.count(name) > 1:
            raise ConfigError(
                f"labeltune.toml: evaluate.others.{name}: another arm of that name is evaluated "
                "already; choose another name"
            )
    return tuple(arms)


def chosen_arms(arms: Sequence[EvaluatedArm], wanted: Sequence[str]) -> tuple[EvaluatedArm, ...]:
    """The arms of these names, or all.

    Raises:
        ConfigError: there is no arm of a name.
    """
    known = {arm.name: arm for arm in arms}
    for name in wanted:
        if name not in known:
            raise ConfigError(f"--arm: unknown arm {name!r}; {nearest(name, known)}")
    return tuple(arm for arm in arms if not wanted or arm.name in wanted)


def _base(config: Config, entries: Sequence[ModelEntry]) -> EvaluatedArm:
    """The base, asked plainly: as the settings name it, or as the first tuned model has it.

    Raises:
        ConfigError: `llm.model` is a tuned model, and not the first one that is evaluated.
    """
    named, llm = config.evaluate.base, config.llm
    first = entries[0] if entries else None
    if first is not None and first.place.model is not None:
        url = first.place.base_url or llm.base_url
        return EvaluatedArm(BASE, named or first.base, url, "plain")
    if named is not None or not llm.model.startswith(TUNED):
        return EvaluatedArm(BASE, named or llm.model, llm.base_url, "plain")
    if first is None or llm.model != f"{TUNED}{first.name}":
        raise ConfigError(
            f"labeltune.toml: llm.model is {llm.model!r}, so its base can't be told; evaluate that "
            "model, or set evaluate.base to the base's name as the endpoint lists it"
        )
    # `labeltune up` serves both at once
    return EvaluatedArm(
        BASE, llm.model, llm.base_url, "plain", made_of=_made_of(first), adapter_scale=0
    )


def _others(config: Config) -> Iterator[EvaluatedArm]:
    for name, other in config.evaluate.others.items():
        url = other.base_url or config.llm.base_url
        yield EvaluatedArm(name, other.model, url, other.prompt, other.key)


def _tuned(config: Config, entry: ModelEntry) -> EvaluatedArm:
    name, place = f"{TUNED}{entry.name}", entry.place
    url = place.base_url or config.llm.base_url
    if place.model is not None:
        return EvaluatedArm(name, place.model, url, "plain", made_of=_made_of(entry), entry=entry)
    return EvaluatedArm(
        name, name, url, "plain", made_of=_made_of(entry), entry=entry, adapter_scale=1
    )


def _made_of(entry: ModelEntry) -> str:
    return f"{entry.release.release} {entry.created}"
