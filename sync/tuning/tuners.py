"""The ways to tune a model, by name, and what is asked of a run in whichever way it was begun."""

from collections.abc import Mapping
from typing import Any, Literal

from sync.common.errors import SyncError
from sync.common.wording import nearest
from sync.settings import Config
from sync.table.data_folder import DataFolder
from sync.tuning.jobs.endpoint_tuner import ENDPOINT
from sync.tuning.local.local_tuner import LocalTuner
from sync.tuning.models import MODELS
from sync.tuning.models.model_folder import known_models
from sync.tuning.tuner import Tuner

RunRequest = Literal["cancel", "pause", "resume"]
TUNERS: Mapping[str, Tuner] = {tuner.way: tuner for tuner in (LocalTuner(), ENDPOINT)}


def tuner_of(way: str) -> Tuner:
    """The way of a name.

    Raises:
        SyncError: there is none.
    """
    if way not in TUNERS:
        raise SyncError(f"no way to tune is called {way!r}; {nearest(way, TUNERS)}")
    return TUNERS[way]


def tuner_holding(folder: DataFolder, name: str) -> Tuner:
    """The way that a run was begun in.

    Raises:
        SyncError: no run has that name.
    """
    for tuner in TUNERS.values():
        if tuner.holds(folder, name):
            return tuner
    known = known_models(folder)
    names = [*known.unfinished, *(entry.name for entry in known.entries)]
    hint = nearest(name, names) if names else "none was begun yet: `labeltune finetune`"
    raise SyncError(f"no run is called {name!r} in {folder.location(MODELS)}; {hint}")


def asked_of_run(config: Config, folder: DataFolder, name: str, what: RunRequest) -> str:
    """Ask something of a run; says in a sentence what became of it.

    Raises:
        SyncError: there is no such run, or it can't be done.
        MissingExtraError: what its way needs is not installed.
    """
    tuner = tuner_holding(folder, name)
    tuner.require()
    asked = {"cancel": tuner.cancel, "pause": tuner.pause, "resume": tuner.resume}
    return asked[what](config, folder, name)


def with_options(config: Config, options: Mapping[str, Any]) -> Config:
    """The configuration with what the command line says in place of `[finetune]`'s keys.

    Args:
        options: by the keys' names; None where nothing was said.
    """
    given = {name: value for name, value in options.items() if value is not None}
    section = config.finetune
    changed = type(section).model_validate({**dict(section), **given})
    return config.model_copy(update={"finetune": changed})
