"""`labeltune.toml`: the one file that a user configures. Secrets come from the environment only.

Order of precedence: process environment, then `.env` beside the file, then the file.
"""

import difflib
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

from dotenv import dotenv_values
from pydantic import BaseModel, Field, ValidationError

from label_configs import profiles
from sync.categories.settings import CategorySection
from sync.cleaning.settings import CleaningSection
from sync.config.section import Section
from sync.config.sections import (
    BackendSection,
    DataSection,
    EmbeddingSection,
    LabelStudioSection,
    LLMSection,
    PriceSection,
)
from sync.errors import ConfigError
from sync.sources.settings import SourcesSection

__all__ = [
    "BackendSection",
    "Config",
    "DataSection",
    "EmbeddingSection",
    "LLMSection",
    "LabelStudioSection",
    "PriceSection",
    "SourcesSection",
    "environment",
    "load",
]


class Config(Section):
    """Everything in `labeltune.toml`, with the environment applied.

    Attributes:
        folder: the folder of the file; relative paths in it start there.
        api_key: Label Studio's token (`LABEL_STUDIO_API_KEY`), either kind, or None.
        env: the merged environment (`.env` below the process's own).
    """

    label_studio: LabelStudioSection = LabelStudioSection()
    backend: BackendSection = BackendSection()
    llm: LLMSection = LLMSection()
    embedding: EmbeddingSection = EmbeddingSection()
    data: DataSection = DataSection()
    sources: SourcesSection = SourcesSection()
    cleaning: CleaningSection = CleaningSection()
    categories: dict[str, CategorySection] = Field(default_factory=dict)
    folder: Path = Field(default=Path(), exclude=True)
    api_key: str | None = Field(default=None, exclude=True, repr=False)
    env: dict[str, str] = Field(default_factory=dict, exclude=True, repr=False)

    @property
    def data_dir(self) -> Path:
        """The data folder, resolved against the configuration's folder."""
        return self.folder / self.data.dir

    def guidelines_text(self) -> str:
        """What annotators and model go by, as Markdown: the profile, then the guidelines.

        Raises:
            ConfigError: the guidelines can't be read.
            ProfileError: there is no such profile, or it can't be used.
        """
        guidelines = self._own_guidelines()
        if self.label_studio.profile is None:
            return guidelines
        return profiles.load(self.label_studio.profile, self.folder).with_guidelines(guidelines)

    def _own_guidelines(self) -> str:
        if self.label_studio.guidelines is None:
            return ""
        path = self.folder / self.label_studio.guidelines
        try:
            return path.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(
                f"{path}: the guidelines can't be read ({error}); "
                "correct label_studio.guidelines in labeltune.toml"
            ) from error


def load(path: Path) -> Config:
    """Read and check `labeltune.toml`, `.env` beside it and the environment.

    Raises:
        ConfigError: the file is missing, is not TOML, or holds an unknown key or a wrong type.
    """
    folder = path.parent
    try:
        with path.open("rb") as file:
            raw = tomllib.load(file)
    except FileNotFoundError:
        raise ConfigError(
            f"{path}: no such file; run `labeltune init` here, or name one with --config"
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not valid TOML: {error}") from error
    except OSError as error:
        raise ConfigError(f"{path}: can't be read ({error.strerror})") from error
    stray = {"folder", "api_key", "env"} & raw.keys()
    if stray:
        raise ConfigError(_unknown(path, (stray.pop(),)))
    env = environment(folder)
    for (section, key), variable in _OVERRIDES.items():
        if env.get(variable) and isinstance(raw.setdefault(section, {}), dict):
            raw[section][key] = env[variable]
    try:
        return Config.model_validate(
            {**raw, "folder": folder, "api_key": env.get("LABEL_STUDIO_API_KEY"), "env": env}
        )
    except ValidationError as error:
        raise ConfigError(_explain(path, error)) from error


_OVERRIDES = {
    ("label_studio", "url"): "LABEL_STUDIO_URL",
    ("backend", "url"): "LABELTUNE_BACKEND_URL",
    ("llm", "base_url"): "OPENAI_BASE_URL",
}


def environment(folder: Path) -> dict[str, str]:
    """The process environment on top of `folder/.env`."""
    from_file = {k: v for k, v in dotenv_values(folder / ".env").items() if v is not None}
    return {**from_file, **os.environ}


def _explain(path: Path, error: ValidationError) -> str:
    """The first fault as one sentence: file, key, what was expected, what came."""
    fault: Mapping[str, Any] = error.errors()[0]
    location = tuple(str(part) for part in fault["loc"])
    if fault["type"] == "extra_forbidden":
        return _unknown(path, location)
    if fault["type"] == "value_error":
        return f"{path}: {'.'.join(location)}: {fault['ctx']['error']}"
    return (
        f"{path}: {'.'.join(location)}: {fault['msg'][0].lower()}{fault['msg'][1:]} "
        f"(found {fault['input']!r})"
    )


def _unknown(path: Path, location: tuple[str, ...]) -> str:
    """`unknown key`, with the nearest valid name."""
    model: type[BaseModel] = Config
    for part in location[:-1]:
        # what a table of tables is keyed by is the user's
        if part in model.model_fields:
            annotation: Any = model.model_fields[part].annotation
            model = get_args(annotation)[1] if get_args(annotation) else annotation
    names = [n for n, field in model.model_fields.items() if not field.exclude]
    near = difflib.get_close_matches(location[-1], names, n=1, cutoff=0.5)
    remedy = f"did you mean {near[0]!r}?" if near else f"known here: {', '.join(names)}"
    return f"{path}: unknown key {'.'.join(location)!r}; {remedy}"
