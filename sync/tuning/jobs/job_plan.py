"""A run at an endpoint before anything is done: what it is made of, and what it is known by."""

import json
from pathlib import Path
from typing import Any

from sync.common.errors import SyncError
from sync.settings.finetune_endpoint import FinetuneEndpointSection
from sync.tuning.jobs.job_journal import JobJournal, SentFile, upload_name
from sync.tuning.jobs.providers import FORMATS, JobProvider, job_provider
from sync.tuning.models.learnt_release import LearntRelease
from sync.tuning.tuner import TuningRequest, run_key


def planned(request: TuningRequest) -> JobJournal:
    """The journal of a run that is asked for; nothing is written yet.

    Raises:
        SyncError: the provider does not train so, or a setting is missing.
    """
    section = request.config.finetune
    provider = job_provider(section.endpoint.provider)
    base = section.base
    if base is None:
        raise SyncError(
            f"name the model that {provider.name} is to tune: --base MODEL, or finetune.base in "
            "labeltune.toml"
        )
    if request.method not in provider.methods:
        raise SyncError(
            f"{provider.name} does not train by {request.method!r}; it does by "
            f"{', '.join(provider.methods)}"
        )
    learnt = request.learnt(FORMATS[request.method])
    settings = _settings(request, provider)
    more = _more(request, provider)
    seed = section.seed if provider.takes_seed else None
    address = str(section.endpoint.base_url or provider.base_url or "").rstrip("/")
    decided = {
        "way": "endpoint",
        "provider": provider.name,
        "base_url": address,
        "base": base,
        "method": request.method,
        "settings": settings,
        "seed": seed,
        "more": more,
    }
    key = run_key(learnt, decided)
    name = request.name(base, key)
    price = request.config.training.prices.get(base)
    return JobJournal(
        name=name,
        key=key,
        provider=provider.name,
        base_url=address,
        base=base,
        method=request.method,
        settings=settings,
        seed=seed,
        release=learnt,
        where=request.where,
        sent={file.role: SentFile(upload_name(file)) for file in _in_order(learnt)},
        labels={"labeltune_model": name, "labeltune_release": learnt.name},
        more=more,
        suffix=_suffix(name, key, provider),
        price=price.per_million if price else None,
    )


def _in_order(learnt: LearntRelease) -> list[Any]:
    return [learnt.training, *([learnt.validation] if learnt.validation else [])]


def _settings(request: TuningRequest, provider: JobProvider) -> dict[str, Any]:
    """The settings that were chosen; what was not is the provider's to choose."""
    section, endpoint = request.config.finetune, request.config.finetune.endpoint
    if section.learning_rate is not None and provider.own_rate:
        raise SyncError(
            f"{provider.name} takes no learning rate but a multiple of its own; set "
            "finetune.endpoint.learning_rate_multiplier in place of finetune.learning_rate"
        )
    if endpoint.learning_rate_multiplier is not None and not provider.own_rate:
        raise SyncError(
            f"{provider.name} takes a learning rate, no multiple of one; set "
            "finetune.learning_rate in place of finetune.endpoint.learning_rate_multiplier"
        )
    chosen = {
        "epochs": request.epochs,
        "batch_size": section.batch_size,
        "learning_rate": section.learning_rate,
        "learning_rate_multiplier": endpoint.learning_rate_multiplier,
        "beta": endpoint.beta if request.method == "dpo" else None,
    }
    return {name: value for name, value in chosen.items() if value is not None}


def _more(request: TuningRequest, provider: JobProvider) -> dict[str, Any]:
    """What goes into the body of the job as it is."""
    endpoint = request.config.finetune.endpoint
    more = dict(provider.body)
    if endpoint.training_type is not None:
        if "trainingType" not in more:
            raise SyncError(f"finetune.endpoint.training_type is Azure's; {provider.name} has none")
        more["trainingType"] = endpoint.training_type
    if request.method == "reinforcement":
        more["method"] = {"grader": _grader(endpoint, request.config.folder)}
    return more


def _grader(endpoint: FinetuneEndpointSection, folder: Path) -> Any:
    if endpoint.grader is None:
        raise SyncError(
            "reinforcement needs a grader: write one as OpenAI describes it into a JSON file, and "
            "set finetune.endpoint.grader"
        )
    path = folder / endpoint.grader
    try:
        grader = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SyncError(f"{path}: not a grader's JSON ({error})") from error
    if not isinstance(grader, dict) or "type" not in grader:
        raise SyncError(f"{path}: a grader is an object with a type, such as string_check")
    return grader


def _suffix(name: str, key: str, provider: JobProvider) -> str:
    """The name as far as the provider takes it, and a piece of the key, so that it tells runs."""
    ending = f"-{key[:8]}"
    plain = name.removesuffix(ending).replace(".", "-").replace("_", "-")
    return plain[: provider.suffix - len(ending)] + ending
