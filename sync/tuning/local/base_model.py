"""The model that an adapter is trained on: a folder or an id of Hugging Face, or a GGUF file.

The GGUF that the project drafts with is unpacked once to a folder that transformers reads, with
every weight as a 32-bit number; the cache keeps it by the file's digest. So the adapter is trained
on the very weights that the server has.
"""

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock
from rich.progress import Progress

from sync.common.errors import SyncError
from sync.settings import Config
from sync.stack.download import model_path
from sync.stack.folders import cache_dir
from sync.stack.models import MODELS, TUNED, LocalModel
from sync.table.data_folder import DataFolder
from sync.tuning.models.model_folder import find_entry

_CONFIG = "config.json"


@dataclass(frozen=True)
class TuningBase:
    """A model before it is tuned.

    Attributes:
        name: as the user names it.
        source: a folder, a GGUF file, or an id of Hugging Face's hub.
        digest: sha256 of the GGUF file; None of anything else.
    """

    name: str
    source: str
    digest: str | None = None

    @property
    def gguf(self) -> Path | None:
        """The GGUF file, where it is one."""
        return Path(self.source) if self.digest else None


def base_model(name: str, folder: Path) -> TuningBase:
    """A base by its name.

    Args:
        name: of a model that `labeltune up` knows, a GGUF file, a folder, or an id of the hub.
        folder: where relative paths start.

    Raises:
        SyncError: there is no such file.
        StackError: a known model can't be fetched.
    """
    if name in MODELS:
        return TuningBase(name, str(_known(MODELS[name])), MODELS[name].sha256)
    path = folder / Path(name).expanduser()
    if name.endswith(".gguf"):
        if not path.is_file():
            raise SyncError(f"{path}: no such file; correct finetune.base in labeltune.toml")
        return TuningBase(name, str(path.resolve()), file_digest(path))
    if path.is_dir():
        if not (path / _CONFIG).is_file():
            raise SyncError(
                f"{path}: no {_CONFIG} in it, so it is no model that transformers reads; correct "
                "finetune.base in labeltune.toml"
            )
        return TuningBase(name, str(path))
    return TuningBase(name, name)


def base_name(config: Config, folder: DataFolder) -> str:
    """What `finetune.base` says, or the local model that the project drafts with.

    Of one that was tuned here, its base: a release holds all examples, those of before, too.

    Args:
        folder: of the project, with its models.

    Raises:
        SyncError: it drafts with a model that is not on this machine.
    """
    if config.finetune.base is not None:
        return config.finetune.base
    if config.llm.model in MODELS:
        return config.llm.model
    if config.llm.model.startswith(TUNED):
        tuned = find_entry(folder, config.llm.model.removeprefix(TUNED))
        if tuned.way == "local":
            return tuned.base
    raise SyncError(
        f"llm.model is {config.llm.model!r}, which is no model of this machine "
        f"({', '.join(MODELS)}); set finetune.base to one of them, a GGUF file, a folder or an id "
        "of Hugging Face"
    )


def _known(model: LocalModel) -> Path:
    with Progress(transient=True) as progress:
        return model_path(model, progress)


def file_digest(path: Path) -> str:
    """The sha256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def unpacked_folder(digest: str) -> Path:
    """Where the unpacked weights of a GGUF file are kept."""
    return cache_dir() / "unpacked" / digest


def readable_by_transformers(base: TuningBase, say: Callable[[str], None]) -> str:
    """What transformers loads the base from; a GGUF file is unpacked first, once.

    Args:
        say: told what takes long.

    Raises:
        SyncError: the file can't be unpacked.
    """
    if base.digest is None:
        return base.source
    folder = unpacked_folder(base.digest)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.with_suffix(".lock")):
        if not (folder / _CONFIG).is_file():
            say(f"unpacking {base.name} (once)")
            partial = folder.with_suffix(".partial")
            shutil.rmtree(partial, ignore_errors=True)
            _unpack(Path(base.source), partial)
            partial.rename(folder)
    return str(folder)


def _unpack(gguf: Path, folder: Path) -> None:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

    where = {"gguf_file": gguf.name}
    try:
        model = AutoModelForCausalLM.from_pretrained(
            gguf.parent,
            **where,
            dtype=torch.float32,
            quantization_config=GgufConfig(dequantize=True),
        )
        tokenizer = AutoTokenizer.from_pretrained(gguf.parent, **where)
    except (ValueError, NotImplementedError, KeyError, OSError) as error:
        raise SyncError(
            f"{gguf}: transformers can't unpack it ({error}); name the model's Hugging Face folder "
            "in finetune.base"
        ) from error
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def base_config(base: TuningBase) -> dict[str, Any] | None:
    """The base's `config.json`; None where it is not on this machine yet."""
    folder = unpacked_folder(base.digest) if base.digest else Path(base.source)
    try:
        found: dict[str, Any] = json.loads((folder / _CONFIG).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found
