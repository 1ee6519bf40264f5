"""What `labeltune up` is to start, from its options, `labeltune.toml` and the environment."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import sync.settings
from sync.common.errors import StackError
from sync.intake.push.backend_params import NOT_TUNED, LearntPrompt
from sync.stack.credentials import is_loopback
from sync.stack.models import DEFAULT, MODELS, TUNED, LocalModel, TunedModel, local_model
from sync.stack.project_file import SAMPLE_TITLE

LearntOf = Callable[[sync.settings.Config], LearntPrompt]


@dataclass(frozen=True)
class UpOptions:
    """What was asked for on the command line; None where nothing was.

    Attributes:
        follow: go on to show how drafts arrive once all is ready.
        tuned: the model that `llm.model` names, where it is one that was tuned here.
        learnt: the prompt that the model of a project's drafts learned.
    """

    config_file: Path
    port: int | None = None
    backend_port: int | None = None
    llm_port: int | None = None
    llm_url: str | None = None
    llm_model: str | None = None
    sample: bool = True
    follow: bool = True
    tuned: TunedModel | None = None
    learnt: LearntOf = lambda config: NOT_TUNED


@dataclass(frozen=True)
class ProjectFile:
    """What an existing `labeltune.toml` says about the stack.

    Attributes:
        is_sample: written by `labeltune up` for its sample project.
    """

    label_studio_url: str | None
    backend_url: str | None
    llm_url: str | None
    llm_model: str | None
    is_sample: bool


@dataclass(frozen=True)
class Settings:
    """What is to be started.

    Attributes:
        local_model: the model to serve here, or None with the user's own endpoint.
        llm_url: the endpoint, ours or the user's.
        llm_model: the model's name there.
        adapter: what is served on top of the local model, as GGUF; or None.
    """

    port: int
    backend_port: int
    llm_port: int
    local_model: LocalModel | None
    llm_url: str
    llm_model: str
    adapter: Path | None = None

    @property
    def label_studio_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def backend_url(self) -> str:
        return f"http://127.0.0.1:{self.backend_port}"


def read_project_file(path: Path) -> ProjectFile | None:
    """What the file itself says, the environment left aside; None when there is no file.

    Raises:
        ConfigError: the file is not a valid `labeltune.toml`.
        StackError: it names a Label Studio elsewhere.
    """
    if not path.exists():
        return None
    sync.settings.load(path)  # says what is wrong with it, if anything
    raw: dict[str, dict[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8"))
    label_studio, llm = raw.get("label_studio", {}), raw.get("llm", {})
    url = label_studio.get("url")
    if url is not None and not is_loopback(url):
        raise StackError(
            f"{path}: label_studio.url is {url}, but `labeltune up` runs a Label Studio on this "
            "machine; use another folder, or remove that line"
        )
    return ProjectFile(
        label_studio_url=url,
        backend_url=raw.get("backend", {}).get("url"),
        llm_url=llm.get("base_url"),
        llm_model=llm.get("model"),
        is_sample=label_studio.get("project") == SAMPLE_TITLE,
    )


def resolve(options: UpOptions, file: ProjectFile | None, environ: Mapping[str, str]) -> Settings:
    """Decide what to start: options first, then the file, then the defaults.

    A file that names an endpoint other than our own is followed, as `--llm-url` would be.

    Args:
        environ: `LABELTUNE_LOCAL_MODEL` in it chooses the local model.

    Raises:
        StackError: no local model of the name that is asked for.
    """
    said = file or ProjectFile(None, None, None, None, is_sample=False)
    port = options.port or _port(said.label_studio_url) or 8080
    backend_port = options.backend_port or _port(said.backend_url) or 9090
    asked = environ.get("LABELTUNE_LOCAL_MODEL")
    llm_url, llm_model = options.llm_url, options.llm_model
    if llm_url is None and not asked and _is_users_endpoint(said):
        llm_url, llm_model = said.llm_url, said.llm_model
    if llm_url is not None:
        model_name = llm_model or DEFAULT
        return Settings(port, backend_port, 0, None, llm_url.rstrip("/"), model_name)
    named = said.llm_model if said.llm_model in MODELS else None
    tuned = options.tuned
    model = tuned.base if tuned else local_model(asked or named or DEFAULT)
    kept_port = None if _is_users_endpoint(said) else _port(said.llm_url)
    llm_port = options.llm_port or kept_port or 9091
    return Settings(
        port,
        backend_port,
        llm_port,
        model,
        f"http://127.0.0.1:{llm_port}/v1",
        tuned.name if tuned else model.name,
        tuned.adapter if tuned else None,
    )


def _is_users_endpoint(said: ProjectFile) -> bool:
    """Whether the file's endpoint is not one that `labeltune up` serves itself."""
    if said.llm_url is None:
        return False
    return not is_loopback(said.llm_url) or (
        said.llm_model is not None
        and said.llm_model not in MODELS
        and not said.llm_model.startswith(TUNED)
    )


def _port(url: str | None) -> int | None:
    """The port of a URL on this machine; None for any other."""
    try:
        return urlsplit(url).port if url and is_loopback(url) else None
    except ValueError:
        return None
