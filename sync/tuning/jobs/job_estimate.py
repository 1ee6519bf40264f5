"""What a run at an endpoint takes and costs, its files checked by the provider's rules."""

from collections.abc import Iterator
from typing import Any

from sync.common.errors import SyncError
from sync.common.wording import counted
from sync.training_files.trainers.jobs import JobSettings
from sync.training_files.validation.report import FileReport, Report
from sync.training_files.validation.report_text import cost_sentence, token_sentence
from sync.training_files.validation.validate import Options, validate
from sync.tuning.jobs.job_journal import JobJournal
from sync.tuning.jobs.providers import JobProvider
from sync.tuning.models.model_entry import ModelEntry
from sync.tuning.tuner import ShowTuning, TuningEstimate, TuningMoment, TuningRequest


def estimated(
    request: TuningRequest,
    plan: JobJournal,
    provider: JobProvider,
    known: JobJournal | None,
    entry: ModelEntry | None,
    show: ShowTuning,
) -> TuningEstimate:
    """Check the files, and say what the run takes.

    Args:
        known: what was begun before.
        entry: the model, if it is there already.

    Raises:
        SyncError: the provider would refuse a file or a setting.
    """
    if entry is not None:
        said = f"{entry.name} was made of these files in this way before; nothing is to be paid."
        return TuningEstimate(plan.name, (said,), _facts(plan, None), begun=True)
    begun = known is not None and known.job is not None and known.ended is None
    if begun:
        said = f"{plan.name} has begun ({known.job if known else ''}); nothing is paid again."
        return TuningEstimate(plan.name, (said,), _facts(plan, None), begun=True)
    report = _checked(request, plan, provider, show)
    training = next(file for file in report.files if file.role == "training")
    return TuningEstimate(
        name=plan.name,
        sentences=tuple(_sentences(plan, provider, training, known)),
        facts=_facts(plan, training),
        warnings=tuple(_warnings(plan, provider, report)),
        costs=True,
    )


def _checked(
    request: TuningRequest, plan: JobJournal, provider: JobProvider, show: ShowTuning
) -> Report:
    """The report of both files.

    Raises:
        SyncError: there is an error.
    """
    folder, learnt = request.release.folder, plan.release
    job = JobSettings(
        epochs=request.epochs,
        batch_size=plan.settings.get("batch_size"),
        suffix=plan.suffix,
        metadata={"labeltune_key": plan.key, **plan.labels},
        seed=plan.seed,
    )
    options = Options(
        form=learnt.format,
        provider=provider.rules,
        model=plan.base,
        job=job,
        training=request.config.training,
    )
    held = [folder / learnt.validation.file] if learnt.validation else []
    report = validate(
        [folder / learnt.training.file],
        options,
        validation=held,
        progress=lambda done, total: show(TuningMoment("checking files", done, total)),
    )
    if report.errors:
        raise SyncError(_first_error(report, request.where, provider))
    return report


def _first_error(report: Report, where: str, provider: JobProvider) -> str:
    for file in report.files:
        for rule in file.rules:
            if rule.severity == "error":
                problem = rule.first[0]
                line = f", line {problem.line}" if problem.line else ""
                task = "" if problem.task_id is None else f" (task {problem.task_id})"
                more = report.errors - 1
                others = f"; {counted(more, 'more error')}" if more else ""
                return (
                    f"{where}/{file.file.rpartition('/')[2]}{line}: {problem.message}{task}"
                    f"{others}; `labeltune validate {where} --provider {provider.rules.name}` "
                    "lists all"
                )
    raise AssertionError("a report with errors lists one")


def _sentences(
    plan: JobJournal, provider: JobProvider, training: FileReport, known: JobJournal | None
) -> Iterator[str]:
    learnt = plan.release
    held = learnt.validation
    yield (
        f"Release {learnt.name}: {counted(learnt.training.lines, 'example')} to learn"
        + (f", {held.lines:,} to hold the model against" if held else "")
        + f" ({learnt.format})."
    )
    chosen = ", ".join(f"{name} {value}" for name, value in plan.settings.items())
    yield f"{provider.name} tunes {plan.base} on them: {plan.method}, {chosen}."
    if training.tokens:
        yield token_sentence(training.tokens)
    if training.cost:
        yield cost_sentence(training.cost)
    else:
        yield (
            f'What that costs is not known here: [training.prices."{plan.base}"] of labeltune.toml '
            "can say it."
        )
    if known is not None and known.ended is not None:
        yield f"The last job of this run was {known.ended} ({known.job}); this makes another one."
    yield f"The files go to {plan.base_url}. The model will be called {plan.name}."


def _warnings(plan: JobJournal, provider: JobProvider, report: Report) -> Iterator[str]:
    for file in report.files:
        for rule in file.rules:
            yield f"{file.file.rpartition('/')[2]}: {rule.first[0].message}"
    if not plan.release.held_out:
        yield (
            "the release has no test split, so that nobody can say how good the model is; run "
            "`labeltune split` and export again"
        )
    if provider.rules.note:
        yield provider.rules.note


def _facts(plan: JobJournal, training: FileReport | None) -> dict[str, Any]:
    cost = training.cost if training else None
    return {
        "key": plan.key,
        "provider": plan.provider,
        "base_url": plan.base_url,
        "base": plan.base,
        "method": plan.method,
        "settings": dict(plan.settings),
        "seed": plan.seed,
        "release": plan.release.name,
        "examples": plan.release.training.lines,
        "tokens": training.tokens.about.total if training and training.tokens else None,
        "cost": cost.about if cost else None,
        "cost_at_most": cost.at_most if cost else None,
        "currency": cost.currency if cost else None,
    }
