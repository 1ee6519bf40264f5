"""The tuned model that a project drafts with, and the prompt that its drafts are asked for with."""

from collections.abc import Iterator
from dataclasses import dataclass

from drafting.plain_prompt import PlainPrompt
from drafting.project_settings import LLMSettings
from sync.common.errors import SyncError
from sync.intake.push.backend_params import LearntPrompt
from sync.settings import Config
from sync.stack.models import TUNED
from sync.table.data_folder import DataFolder, data_folder
from sync.training_files.formats import FORMATS
from sync.training_files.manifest.find_release import opened
from sync.tuning.models.learnt_release import prompt_of
from sync.tuning.models.model_entry import ModelEntry
from sync.tuning.models.model_folder import known_models, read_entry

_LATEST = "latest"


@dataclass(frozen=True)
class DraftingModel:
    """A tuned model that drafts.

    Attributes:
        folder: the data folder that holds it.
    """

    folder: DataFolder
    entry: ModelEntry


def drafting_model(config: Config) -> DraftingModel | None:
    """The tuned model that `llm.model` names: `tuned:NAME`, NAME, or as its endpoint has it.

    Args:
        config: with several projects, the models of all of them are looked at, a project's own
            first.

    Raises:
        SyncError: an entry can't be read, or the name would change its meaning.
    """
    wanted, folders = config.llm.model, [*_folders(config)]
    if wanted.startswith(TUNED):
        name = wanted.removeprefix(TUNED)
        if name == _LATEST:
            raise SyncError(
                f"llm.model is {wanted!r}, which would be another model after the next training; "
                "name one of `labeltune models`"
            )
        found = ((folder, read_entry(folder, name)) for folder in folders)
        return next((DraftingModel(f, entry) for f, entry in found if entry is not None), None)
    for folder in folders:
        known = known_models(folder)
        for entry in reversed(known.entries):
            # a model may be called as its base is
            if wanted == entry.place.model or wanted == entry.name != entry.base:
                return DraftingModel(folder, entry)
        if wanted in known.faults:
            raise SyncError(known.faults[wanted])
    return None


def learnt_prompt(config: Config) -> LearntPrompt:
    """The prompt that the model of a project's drafts learned.

    Args:
        config: of one project.

    Raises:
        SyncError: an entry or a release can't be read.
    """
    model, release = config.llm.model, config.llm.release
    if release is not None:
        with opened(release, lambda: data_folder(config)) as (where, stored):
            prompt = prompt_of(stored.manifest)
        unknown = f"{where} does not tell one"
    else:
        found = drafting_model(config)
        if found is None:
            unknown = "models/ of the data folder has no entry of it; llm.release can name one"
            return LearntPrompt(note=_note(model, unknown) if model.startswith(TUNED) else "")
        prompt = _of_entry(found)
        unknown = "its entry tells of none, as where it learned categories alone"
    if prompt is None:
        return LearntPrompt(note=_note(model, unknown))
    why = _why_not(config, prompt)
    return LearntPrompt(prompt, _note(model, why) if why else "")


def _folders(config: Config) -> Iterator[DataFolder]:
    """The data folders of all projects of the file."""
    if config.projects:
        yield from (data_folder(config.for_project(each)) for each in config.projects)
        return
    yield data_folder(config)
    for each in config.siblings:
        yield data_folder(config.model_copy(update={"project_name": each}))


def _of_entry(found: DraftingModel) -> PlainPrompt | None:
    """As the entry has it; one of an older version is told by its release, where that is there."""
    learnt = found.entry.release
    if learnt.prompt is not None:
        return learnt.prompt
    try:
        with opened(learnt.name, lambda: found.folder) as (_, stored):
            is_it = stored.id == learnt.release
            return prompt_of(stored.manifest, FORMATS[learnt.format].takes) if is_it else None
    except (SyncError, LookupError):
        return None


def _why_not(config: Config, prompt: PlainPrompt) -> str:
    """Why drafts are asked for otherwise; "" where they are not."""
    interface = config.load_interface()
    more = config.llm.more_models
    llm = LLMSettings(model=config.llm.model, more_models=more, learnt=prompt)
    if llm.plain_prompt(interface) is not None:
        return ""
    if more:
        return "llm.more_models draft beside it"
    why = f"a draft of {interface.name} needs more than the answers that it learned to write"
    if interface.is_drafted_plainly(reasoned=True):
        why += '; with export.reasoning = "think" the next one learns its steps, too'
    return why


def _note(model: str, why: str) -> str:
    return (
        f"{model} is asked for drafts with the project's full prompt instead of the one that it "
        f"learned: {why}."
    )
