"""The tuned model that a project drafts with, and the prompt that its drafts are asked for with."""

from dataclasses import dataclass

from drafting.plain_prompt import PlainPrompt
from drafting.project_settings import LLMSettings
from sync.settings import Config
from sync.stack.models import TUNED
from sync.table.data_folder import DataFolder, data_folder
from sync.tuning.models.model_entry import ModelEntry
from sync.tuning.models.model_folder import known_models, read_entry


@dataclass(frozen=True)
class DraftingModel:
    """A tuned model that drafts.

    Attributes:
        folder: the data folder that holds it.
    """

    folder: DataFolder
    entry: ModelEntry


@dataclass(frozen=True)
class LearntPrompt:
    """What a push tells the backend of the model that drafts.

    Attributes:
        prompt: that it learned; None where nothing is known of it.
        note: why a tuned model is asked with another prompt, as a sentence; "" where it is not.
    """

    prompt: PlainPrompt | None = None
    note: str = ""


def drafting_model(config: Config) -> DraftingModel | None:
    """The tuned model that `llm.model` names: `tuned:NAME`, NAME, or as its endpoint has it.

    Args:
        config: with several projects, the models of all of them are looked at.

    Raises:
        SyncError: an entry can't be read.
    """
    wanted = config.llm.model
    folders = [data_folder(config.for_project(each)) for each in config.projects or (None,)]
    if wanted.startswith(TUNED):
        for folder in folders:
            if (entry := read_entry(folder, wanted.removeprefix(TUNED))) is not None:
                return DraftingModel(folder, entry)
        return None
    for folder in folders:
        for entry in reversed(known_models(folder).entries):
            if wanted in (entry.place.model, entry.name):
                return DraftingModel(folder, entry)
    return None


def learnt_prompt(config: Config) -> LearntPrompt:
    """The prompt that the model of a project's drafts learned.

    Args:
        config: of one project.

    Raises:
        SyncError: an entry can't be read.
    """
    found, model = drafting_model(config), config.llm.model
    if found is None:
        unknown = "no entry of it is in models/ of this data folder"
        return LearntPrompt(note=_note(model, unknown) if model.startswith(TUNED) else "")
    prompt = found.entry.release.prompt
    if prompt is None:
        return LearntPrompt(note=_note(model, "its entry tells of none"))
    interface = config.load_interface()
    llm = LLMSettings(model=model, more_models=config.llm.more_models, learnt=prompt)
    if llm.plain_prompt(interface) is not None:
        return LearntPrompt(prompt)
    why = "llm.more_models draft beside it"
    if not config.llm.more_models:
        why = f"a draft of {interface.name} needs more than the answers that it learned to write"
        if interface.is_drafted_plainly(reasoned=True):
            why += '; with export.reasoning = "think" the next one learns its steps, too'
    return LearntPrompt(prompt, _note(model, why))


def _note(model: str, why: str) -> str:
    return (
        f"{model} is asked for drafts with the project's whole prompt instead of the one that it "
        f"learned: {why}."
    )
