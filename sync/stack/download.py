"""A local model's file: fetched once, verified at every start."""

import hashlib
from pathlib import Path

from filelock import FileLock
from rich.progress import Progress, TaskID

from sync.common.errors import StackError
from sync.stack.folders import cache_dir
from sync.stack.model_sources import UnavailableError, file_size
from sync.stack.models import LocalModel


def missing_bytes(model: LocalModel) -> int:
    """How much of a model must still be fetched."""
    target = _target(model)
    if model.own is not None or target.exists():
        return 0
    return model.size - file_size(target.with_suffix(".partial"))


def model_path(model: LocalModel, progress: Progress) -> Path:
    """A model's verified file, fetched first when it is missing.

    What an interrupted fetch has got is kept and continued; two fetches never collide.

    Args:
        progress: shows the bytes.

    Raises:
        StackError: no source can deliver, or the file is not the model (it is removed).
    """
    if model.own is not None:
        return _own_file(model.own, model)
    target = _target(model)
    partial = target.with_suffix(".partial")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(target.with_suffix(".lock")):
            if target.exists():
                _verify(target, model)
                return target
            bar = progress.add_task(f"Fetching {model.name}", total=model.size)
            if file_size(partial) < model.size:
                _fetch(model, partial, progress, bar)
            _verify(partial, model)
            partial.replace(target)
            target.with_suffix(".log").unlink(missing_ok=True)
            progress.remove_task(bar)
    except OSError as error:
        raise StackError(
            f"{target}: the model can't be stored ({error.strerror or error}); make room, or "
            "set XDG_CACHE_HOME to another disk"
        ) from error
    return target


def _own_file(path: Path, model: LocalModel) -> Path:
    """The user's file, which is left as it is."""
    found = _sha256(path)
    if found != model.sha256:
        raise StackError(
            f"{path}: no longer the file that the adapter was trained on (sha256 "
            f"{model.sha256[:12]}… expected, {found[:12]}… found); put it back, or tune it again"
        )
    return path


def _target(model: LocalModel) -> Path:
    return cache_dir() / "models" / f"{model.sha256}.gguf"


def _fetch(model: LocalModel, partial: Path, progress: Progress, bar: TaskID) -> None:
    """Let one source after the other continue the partial file until it has its full size."""
    progress.advance(bar, file_size(partial))
    reasons: list[str] = []
    for source in model.sources:
        try:
            source.append(partial, model.size, lambda count: progress.advance(bar, count))
        except UnavailableError as error:
            reasons.append(str(error))
        if file_size(partial) >= model.size:
            return
    raise StackError(
        f"the model {model.name} can't be fetched ({'; '.join(reasons)}); check the network and "
        "run `labeltune up` again, or use an endpoint of yours with --llm-url and --llm-model"
    )


def _verify(path: Path, model: LocalModel) -> None:
    """Compare a fetched file's hash; a wrong file is removed."""
    found = _sha256(path)
    if found != model.sha256:
        path.unlink()
        raise StackError(
            f"{path}: not the file of {model.name} (sha256 {model.sha256[:12]}… expected, "
            f"{found[:12]}… found); it has been removed, run `labeltune up` again"
        )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
