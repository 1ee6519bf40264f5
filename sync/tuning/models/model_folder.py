"""The tuned models of a project, in `models/` of its data folder."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sync.common.errors import SyncError
from sync.common.wording import nearest
from sync.table.data_folder import DataFolder
from sync.tuning.models import ENTRY, MODELS
from sync.tuning.models.model_entry import ModelEntry, check_name


@dataclass(frozen=True)
class KnownModels:
    """The models of a project.

    Attributes:
        entries: the newest last.
        unfinished: names of folders without an entry yet: their training goes on, or broke off.
        faults: by name, a sentence for each entry that can't be read.
    """

    entries: tuple[ModelEntry, ...]
    unfinished: tuple[str, ...]
    faults: Mapping[str, str]


def entry_file(name: str) -> str:
    """The entry of a model, below the data folder."""
    return f"{MODELS}/{check_name(name)}/{ENTRY}"


def write_entry(folder: DataFolder, entry: ModelEntry) -> str:
    """Write a model's entry, whole or not at all; returns where it is.

    Raises:
        SyncError: the folder can't be written.
    """
    name = entry_file(entry.name)
    folder.write(name, json.dumps(entry.to_json(), ensure_ascii=False, indent=1) + "\n")
    return folder.location(name)


def read_entry(folder: DataFolder, name: str) -> ModelEntry | None:
    """A model's entry; None where there is none yet.

    Raises:
        SyncError: it can't be read, or is none of ours.
    """
    file = entry_file(name)
    content = folder.read(file)
    if content is None:
        return None
    try:
        return ModelEntry.from_json(json.loads(content))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise SyncError(
            f"{folder.location(file)}: not the entry of a model ({error}); take it away, or put "
            "back what LabelTune wrote"
        ) from error


def find_entry(folder: DataFolder, name: str) -> ModelEntry:
    """A model by its name; `latest` is the newest.

    Raises:
        SyncError: there is none of that name.
    """
    if name != "latest" and (found := read_entry(folder, name)) is not None:
        return found
    known = known_models(folder)
    if name == "latest" and known.entries:
        return known.entries[-1]
    raise unknown_model(folder, name, known)


def unknown_model(folder: DataFolder, name: str, known: KnownModels) -> SyncError:
    """That there is no model of this name, and what there is."""
    if name in known.unfinished:
        return SyncError(
            f"{folder.location(MODELS)}/{name} has no model yet: its training is not done; go on "
            f"with `labeltune finetune --watch {name}`"
        )
    names = [entry.name for entry in known.entries]
    hint = nearest(name, names) if names else "there are none yet; make one: `labeltune finetune`"
    return SyncError(f"no model is called {name!r} in {folder.location(MODELS)}; {hint}")


def known_models(folder: DataFolder) -> KnownModels:
    """All models of a project.

    Raises:
        SyncError: the folder can't be read.
    """
    written = [name for name, _ in folder.written(MODELS)]
    # what a temporary file or a lock stands in is nobody's model
    names = sorted({n.partition("/")[0] for n in written if "/" in n and not n.startswith(".")})
    finished = {name for name in names if f"{name}/{ENTRY}" in written}
    entries, faults = _read_all(folder, sorted(finished))
    return KnownModels(
        tuple(sorted(entries, key=lambda entry: (entry.created, entry.name))),
        tuple(name for name in names if name not in finished),
        faults,
    )


def _read_all(folder: DataFolder, names: Sequence[str]) -> tuple[list[ModelEntry], dict[str, str]]:
    entries, faults = [], {}
    for name in names:
        try:
            entry = read_entry(folder, name)
        except SyncError as error:
            faults[name] = str(error)
            continue
        if entry is not None:  # taken away meanwhile
            entries.append(entry)
    return entries, faults
