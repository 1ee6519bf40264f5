"""The way `local`: a run is planned, trained in a process of its own, and becomes an entry."""

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from connectors.extras import require
from sync.common.errors import SyncError
from sync.common.files import write_atomically
from sync.common.json_text import Json
from sync.settings import Config
from sync.table.data_folder import DataFolder
from sync.tuning.local.adapter_gguf import ADAPTER_GGUF, ARCHITECTURES, write_adapter_gguf
from sync.tuning.local.base_model import TuningBase, base_config
from sync.tuning.local.plan import ADAPTER, MERGED, TrainingPlan
from sync.tuning.local.request_plan import planned_run
from sync.tuning.local.said_moments import SaidMoments, loss_points
from sync.tuning.local.training_run import TrainingRun
from sync.tuning.models import MODELS
from sync.tuning.models.learnt_release import LearntRelease
from sync.tuning.models.model_entry import ModelEntry, ModelPlace, TuningWay
from sync.tuning.models.model_folder import read_entry, write_entry
from sync.tuning.tuner import ShowTuning, TuningEstimate, TuningMoment, TuningRequest

_REQUEST = "request.json"


class LocalTuner:
    """Trains on this machine."""

    way: TuningWay = "local"
    summary = "on this machine, an adapter or every weight"

    def require(self) -> None:
        """See that the extra is installed."""
        require("tuning", "labeltune finetune", "train on this machine")

    def estimate(self, request: TuningRequest, show: ShowTuning) -> TuningEstimate:
        """Check a request, and say what it takes.

        Raises:
            SyncError: it can't be done, and why.
        """
        show(TuningMoment("looking at the base and the release"))
        planned = planned_run(request)
        run = _run(request.folder, planned.name)
        return TuningEstimate(
            planned.name,
            planned.sentences,
            planned.facts,
            planned.warnings,
            begun=run.plan is not None,
        )

    def start(self, request: TuningRequest, name: str, show: ShowTuning) -> None:
        """Write down what is to be done; `watch` does it.

        Raises:
            SyncError: the folder holds another run.
        """
        planned = planned_run(request)
        run = _run(request.folder, name)
        validation = planned.learnt.validation
        run.begin(
            planned.plan,
            request.release.folder / planned.learnt.training.file,
            request.release.folder / validation.file if validation else None,
            list(planned.general.lines),
        )
        told = {"base": asdict(planned.base), "release": asdict(planned.learnt)}
        write_atomically(run.folder / _REQUEST, json.dumps(told) + "\n")

    def holds(self, folder: DataFolder, name: str) -> bool:
        """Whether a run of this name is its own."""
        place = folder.on_this_machine(f"{MODELS}/{name}")
        return place is not None and TrainingRun(place).plan is not None

    def watch(self, config: Config, folder: DataFolder, name: str, show: ShowTuning) -> ModelEntry:
        """Train until it is done, and write the entry.

        Raises:
            SyncError: the run failed, rests, or there is none.
        """
        known = read_entry(folder, name)
        if known is not None:
            return known
        run = _begun(folder, name)
        if not run.is_done():
            run.train(dict(os.environ), SaidMoments(show).tell)
        entry = _entry(run, name)
        write_entry(folder, entry)
        return entry

    def cancel(self, config: Config, folder: DataFolder, name: str) -> str:
        """Take a run away that does not train now.

        Raises:
            SyncError: it trains just now, or is a model already.
        """
        run = _begun(folder, name)
        if read_entry(folder, name) is not None:
            raise SyncError(f"{name} is a model already; to be rid of it, delete its folder")
        if run.is_running():
            raise SyncError(f"{name} is trained by another command just now; stop that with Ctrl-C")
        shutil.rmtree(run.model_folder)
        return f"{name} is gone."

    def pause(self, config: Config, folder: DataFolder, name: str) -> str:
        """Let a run stop after its present step."""
        _begun(folder, name).rest(ask=True)
        return f"{name} rests after its present step; it keeps what it has learned."

    def resume(self, config: Config, folder: DataFolder, name: str) -> str:
        """Let a run go on."""
        _begun(folder, name).rest(ask=False)
        return f"{name} may go on: labeltune finetune --watch {name}"


def _run(folder: DataFolder, name: str) -> TrainingRun:
    place = folder.on_this_machine(f"{MODELS}/{name}")
    if place is None:
        raise SyncError(
            f"{folder.location()}: training here needs a data folder on this machine; set data.dir "
            "to one, or train at an endpoint (finetune.way)"
        )
    return TrainingRun(place)


def _begun(folder: DataFolder, name: str) -> TrainingRun:
    run = _run(folder, name)
    if run.plan is None:
        raise SyncError(f"no run is called {name!r} in {folder.location(MODELS)}")
    return run


def _entry(run: TrainingRun, name: str) -> ModelEntry:
    """The entry of a run that is done; the adapter for the local server is made first."""
    plan = run.plan
    assert plan is not None
    told = json.loads((run.folder / _REQUEST).read_text(encoding="utf-8"))
    base = TuningBase(**told["base"])
    said = run.said()
    done = said[-1]
    return ModelEntry(
        name=name,
        base=base.name,
        way="local",
        method=plan.method,
        place=_place(run, plan, base),
        release=LearntRelease.from_json(told["release"]),
        settings=_settings(plan),
        losses=loss_points(said),
        seed=plan.seed,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        trained_tokens=done["trained_tokens"] or None,
        run=_facts(said),
    )


def _settings(plan: TrainingPlan) -> Mapping[str, Any]:
    return {key: value for key, value in asdict(plan).items() if key not in ("base", "method")}


def _facts(said: list[Json]) -> Mapping[str, Any]:
    kept = {line["event"]: line for line in said if line["event"] in ("rows", "measured", "done")}
    return {
        event: {key: value for key, value in line.items() if key != "event"}
        for event, line in kept.items()
    }


def _place(run: TrainingRun, plan: TrainingPlan, base: TuningBase) -> ModelPlace:
    """Where the results are; for a base that llama.cpp has, the adapter as GGUF as well."""
    folder = run.model_folder
    merged = MERGED if (folder / MERGED).is_dir() else None
    if plan.full:
        return ModelPlace(merged=merged)
    config = base_config(base) or {}
    served = base.gguf is not None and config.get("model_type") in ARCHITECTURES
    if served:
        write_adapter_gguf(folder / ADAPTER, config, folder / ADAPTER_GGUF)
    return ModelPlace(
        adapter=ADAPTER,
        adapter_gguf=ADAPTER_GGUF if served else None,
        base_gguf=base.source if base.gguf is not None else None,
        merged=merged,
    )
