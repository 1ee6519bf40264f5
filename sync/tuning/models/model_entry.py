"""`model.json`: one tuned model, where it is, how it was made and what it learned.

{"name": "bank-1", "base": "gpt-4.1-mini-2025-04-14", "way": "endpoint", …,
 "release": {"name": "v0-51213aee", "files": [{"file": "openai-chat.train.jsonl", …}], …}}
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from sync.common.errors import SyncError
from sync.common.json_text import Json
from sync.settings.finetune import TuningMethod
from sync.tuning.models.learnt_release import LearntRelease

# of `ModelEntry.run`: what to do before the model answers
NOTE = "note"
# a change that older readers misread gets the next number
FORMAT = 2
TuningWay = Literal["endpoint", "local"]
# of a folder, and of what providers take as a suffix
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")
_OTHER = re.compile(r"[^a-z0-9.]+")
_LONGEST_BASE = 40


@dataclass(frozen=True)
class LossPoint:
    """The loss at one step of training; None where it was not measured.

    Attributes:
        step: from 1.
        training, validation: mean cross-entropy a token, in nats; for preferences, the loss of
            the method. Low is better.
    """

    step: int
    training: float | None = None
    validation: float | None = None


@dataclass(frozen=True)
class ModelPlace:
    """Where a tuned model is: at an endpoint, or in its own folder of this machine.

    Attributes:
        model: the name that the endpoint serves it by.
        base_url: of the endpoint that made it.
        provider: whose endpoint that is.
        adapter: the folder with the adapter, relative to the model's own folder.
        adapter_gguf: the adapter for llama.cpp, relative to the model's own folder.
        base_gguf: the base that the adapter was made for: a path of this machine.
        merged: the folder of base and adapter in one, relative to the model's own folder.
    """

    model: str | None = None
    base_url: str | None = None
    provider: str | None = None
    adapter: str | None = None
    adapter_gguf: str | None = None
    base_gguf: str | None = None
    merged: str | None = None


@dataclass(frozen=True)
class ModelEntry:
    """One tuned model.

    Attributes:
        name: of its folder below `models/`, and on the command line.
        base: the model that it was made of.
        way: who trained it.
        release: what it learned, each file with its digest.
        settings: of the training, by name, as they were used.
        losses: in the order of steps.
        seed: None where the trainer chose it and did not say.
        created: when the training ended, in UTC, as ISO 8601 has it.
        trained_tokens: that were learned, each epoch anew; None: not told.
        cost: what the training cost by `[training.prices]`; None without a price.
        run: what else the trainer said of it: its number of the job, checkpoints, the machine.
    """

    name: str
    base: str
    way: TuningWay
    method: TuningMethod
    place: ModelPlace
    release: LearntRelease
    settings: Mapping[str, Any]
    losses: tuple[LossPoint, ...]
    seed: int | None
    created: str
    trained_tokens: int | None = None
    cost: float | None = None
    run: Mapping[str, Any] = field(default_factory=dict)

    @property
    def last_losses(self) -> tuple[float | None, float | None]:
        """The last training loss and the last validation loss that were measured."""
        measured = [[p.training for p in self.losses], [p.validation for p in self.losses]]
        last = [next((x for x in reversed(one) if x is not None), None) for one in measured]
        return last[0], last[1]

    def to_json(self) -> Json:
        """As `model.json` has it."""
        return {"format": FORMAT, **asdict(self)}

    @classmethod
    def from_json(cls, raw: Json) -> "ModelEntry":
        """What `to_json` made; keys of a later version are passed over.

        Raises:
            KeyError, TypeError, ValueError: it is something else.
        """
        if raw["format"] > FORMAT:
            raise ValueError("it was written by a later version of LabelTune")
        known = {name: raw[name] for name in cls.__dataclass_fields__ if name in raw}
        return cls(
            **{
                **known,
                "place": ModelPlace(**raw["place"]),
                "release": LearntRelease.from_json(raw["release"]),
                "losses": tuple(LossPoint(**point) for point in raw["losses"]),
            }
        )


def default_name(base: str, key: str) -> str:
    """A name for a model that was given none: `gpt-4.1-mini-3f2a9c01`.

    Args:
        base: a name, an id of a hub or a path.
        key: the hash of all that decides what the model is, in hex.
    """
    short = base.rstrip("/").rpartition("/")[2].lower().removesuffix(".gguf")
    plain = _OTHER.sub("-", short).strip("-.")[:_LONGEST_BASE].strip("-.") or "model"
    return f"{plain}-{key[:8]}"


def check_name(name: str) -> str:
    """The name, if it can be one.

    Raises:
        SyncError: it can't be the name of a folder.
    """
    if not _NAME.fullmatch(name):
        raise SyncError(
            f"{name!r} can't be a model's name; use up to 63 letters, digits, '.', '_' and '-', "
            "such as 'support-2'"
        )
    return name
