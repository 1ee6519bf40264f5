"""The stacks that run on this machine, so that other folders can work with one of them.

Each leaves its addresses in a file of the user's state folder, never a secret, and holds a lock as
long as it lives: the file of one that was killed counts for nothing.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import platformdirs
from filelock import FileLock, Timeout

# for somebody who only looks whether a stack runs
_LOOKED_AT_S = 5.0


@dataclass(frozen=True)
class RunningStack:
    """Where the parts of a stack are.

    Attributes:
        folder: where `labeltune up` runs, absolute; its `.env` holds the keys.
        llm_model: the name of the model at `llm_url`.
    """

    folder: str
    label_studio_url: str
    backend_url: str
    llm_url: str
    llm_model: str


@contextmanager
def announced(stack: RunningStack) -> Iterator[None]:
    """Let other commands know of a stack while it runs, as far as that can be written down."""
    place = _places() / hashlib.sha256(stack.folder.encode()).hexdigest()[:16]
    lock, file = FileLock(place.with_suffix(".lock")), place.with_suffix(".json")
    try:
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock.acquire(timeout=_LOOKED_AT_S)
        file.write_text(json.dumps(asdict(stack)), encoding="utf-8")
    except (OSError, Timeout):
        pass
    try:
        yield
    finally:
        with suppress(OSError):
            file.unlink(missing_ok=True)
        lock.release()


def running_stacks() -> list[RunningStack]:
    """The stacks of this user that run now, in the order of their folders."""
    found = [_read(file) for file in _places().glob("*.json") if _is_held(file)]
    return sorted((stack for stack in found if stack), key=lambda stack: stack.folder)


def stack_for(folder: Path, stacks: list[RunningStack]) -> RunningStack | None:
    """The stack of a folder itself or of the nearest one above it, else the only one that runs."""
    by_folder = {Path(stack.folder): stack for stack in stacks}
    resolved = folder.resolve()
    around = [by_folder[each] for each in (resolved, *resolved.parents) if each in by_folder]
    if around:
        return around[0]
    return stacks[0] if len(stacks) == 1 else None


def environment_notes(
    label_studio_url: str, llm_url: str, environ: Mapping[str, str]
) -> Iterator[str]:
    """What in the user's environment would lead commands away from a stack."""
    ours = {"LABEL_STUDIO_URL": label_studio_url, "OPENAI_BASE_URL": llm_url}
    for name, url in ours.items():
        if environ.get(name, url).rstrip("/") != url:
            yield (
                f"Note: {name} is {environ[name]} in your environment, so other labeltune commands "
                f"will use that and not {url}; unset it to work with what runs here."
            )
    if "LABEL_STUDIO_API_KEY" in environ:
        yield (
            "Note: LABEL_STUDIO_API_KEY is set in your environment and goes before the one in "
            ".env; unset it before you use other labeltune commands here."
        )


def _places() -> Path:
    return platformdirs.user_state_path("labeltune") / "stacks"


def _is_held(file: Path) -> bool:
    """Whether the process that wrote a file lives."""
    lock = FileLock(file.with_suffix(".lock"), timeout=0)
    try:
        lock.acquire()
    except Timeout:
        return True
    except OSError:
        return False
    lock.release()
    return False


def _read(file: Path) -> RunningStack | None:
    """None for a file that another version of LabelTune wrote, or that is gone by now."""
    try:
        return RunningStack(**json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
