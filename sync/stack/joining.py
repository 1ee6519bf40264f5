"""Let a new folder work with a stack that runs already: its addresses, its model, its keys."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dotenv import dotenv_values

from sync.common.errors import StackError
from sync.settings import environment
from sync.stack.credentials import is_local_key, read_dotenv
from sync.stack.dotenv_file import update_dotenv
from sync.stack.project_file import TomlValue
from sync.stack.running import RunningStack, running_stacks, stack_for


@dataclass(frozen=True)
class Joined:
    """The stack that a folder is to work with.

    Attributes:
        stack: None where none runs, or none is meant.
        keys: the variables that let the folder's commands in.
        note: why none was taken, though some run; empty where that needs no word.
    """

    stack: RunningStack | None = None
    keys: Mapping[str, str] | None = None
    note: str = ""

    def values(self) -> dict[tuple[str, str], TomlValue]:
        """What `labeltune.toml` says of the stack, by section and key; nothing without one."""
        if self.stack is None:
            return {}
        return {
            ("label_studio", "url"): self.stack.label_studio_url,
            ("backend", "url"): self.stack.backend_url,
            ("llm", "base_url"): self.stack.llm_url,
            ("llm", "model"): self.stack.llm_model,
        }

    def write_keys(self, folder: Path) -> None:
        """Put the keys into the folder's `.env`, which only its owner can read.

        Raises:
            StackError: it can't be written.
        """
        if self.keys:
            update_dotenv(folder / ".env", dict(self.keys))


def join(folder: Path) -> Joined:
    """Find the stack that a folder is to work with.

    Where the environment or the folder's `.env` names another Label Studio, or holds its key, that
    is meant.
    """
    stacks = running_stacks()
    stack = stack_for(folder, stacks)
    if stack is None:
        return Joined(note=_several(stacks) if stacks else "")
    try:
        kept = read_dotenv(Path(stack.folder))
        env = environment(folder)
    except (StackError, OSError, UnicodeDecodeError):
        return Joined()
    key, model_key = kept.get("LABEL_STUDIO_API_KEY"), kept.get("OPENAI_API_KEY")
    url = (env.get("LABEL_STUDIO_URL") or stack.label_studio_url).rstrip("/")
    own_key = dotenv_values(folder / ".env").get("LABEL_STUDIO_API_KEY") or key
    if key is None or own_key != key or url != stack.label_studio_url:
        return Joined()
    keys = {"LABEL_STUDIO_API_KEY": key}
    if model_key and is_local_key(model_key):  # another is the user's own, and stays where it is
        keys["OPENAI_API_KEY"] = model_key
    return Joined(stack, keys)


def _several(stacks: list[RunningStack]) -> str:
    folders = ", ".join(stack.folder for stack in stacks)
    return (
        f"{len(stacks)} stacks of `labeltune up` run on this machine ({folders}), so none "
        "was taken; run `labeltune init` in or below the folder of one to work with it."
    )
