"""The tuned model that `llm.model = "tuned:NAME"` names, as `labeltune up` serves it."""

from pathlib import Path

from sync.common.errors import SyncError
from sync.settings import Config
from sync.stack.models import MODELS as LOCAL_MODELS
from sync.stack.models import TUNED, LocalModel, TunedModel
from sync.table.data_folder import DataFolder, data_folder
from sync.tuning.local.base_model import file_digest
from sync.tuning.models import MODELS
from sync.tuning.models.drafting_model import drafting_model
from sync.tuning.models.model_entry import ModelEntry
from sync.tuning.models.model_folder import known_models, unknown_model


def tuned_model(config: Config) -> TunedModel | None:
    """The model with its base and its adapter; None where `llm.model` names another kind.

    Args:
        config: with several projects, the models of all of them are looked at.

    Raises:
        SyncError: there is no such model, or the local server can't serve it.
    """
    if not config.llm.model.startswith(TUNED):
        return None
    found = drafting_model(config)
    if found is None:
        first = next(iter(config.projects), None)
        folder = data_folder(config.for_project(first))
        raise unknown_model(folder, config.llm.model.removeprefix(TUNED), known_models(folder))
    adapter, base = _files(found.folder, found.entry)
    return TunedModel(config.llm.model, _base(found.entry, base), adapter)


def _files(folder: DataFolder, entry: ModelEntry) -> tuple[Path, Path]:
    """The adapter and its base, by absolute paths: the server has a working folder of its own."""
    place = entry.place
    home = folder.on_this_machine(f"{MODELS}/{entry.name}")
    if home is None or place.adapter_gguf is None or place.base_gguf is None:
        raise SyncError(
            f"{TUNED}{entry.name}: `labeltune up` serves adapters that were trained here on a GGUF "
            f"file, and this one is {_where(entry)}; serve it yourself and set llm.base_url and "
            "llm.model"
        )
    return (home / place.adapter_gguf).resolve(), Path(place.base_gguf).resolve()


def _where(entry: ModelEntry) -> str:
    place = entry.place
    if place.base_url is not None:
        return f"{place.model} at {place.base_url}"
    return f"a folder of Hugging Face's form ({place.merged or place.adapter})"


def _base(entry: ModelEntry, file: Path) -> LocalModel:
    """The base that the adapter was made for: a known model, or the user's own file."""
    digest = entry.settings.get("digests", {}).get("base", "")
    known = next((m for m in LOCAL_MODELS.values() if m.sha256 == digest), None)
    if known is not None:
        return known
    if not file.is_file():
        raise SyncError(f"{file}: the base of {TUNED}{entry.name} is gone; put it back")
    size = file.stat().st_size
    return LocalModel(entry.base, size, digest or file_digest(file), "", (), own=file)
