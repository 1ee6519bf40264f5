"""`labeltune.toml`: the one file that a user configures. Secrets come from the environment only.

Order of precedence: process environment, then `.env` beside the file, then the file.
Tables with a subject of their own are a module here; those of the services and of the project
(`[label_studio]`, `[backend]`, `[llm]`, `[embedding]`, `[data]`, `[projects]`) share `services`.
Open first: this module, then `services`.
"""

import os
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

from dotenv import dotenv_values
from pydantic import Field, ValidationError, model_validator

import label_configs
from label_configs import Interface, profiles
from label_configs.errors import LabelConfigError
from sync.common.errors import ConfigError
from sync.settings.card import CardSection
from sync.settings.categories import CategorySections
from sync.settings.checks import CheckTables
from sync.settings.cleaning import CleaningSection
from sync.settings.evaluate import EvaluateSection
from sync.settings.experts import ExpertSection
from sync.settings.export import ExportSection
from sync.settings.finetune import FinetuneSection
from sync.settings.mix import MixSection
from sync.settings.projects import check_projects, of_one_project
from sync.settings.queue import QueueSection, listed_labels
from sync.settings.review import ReviewSection
from sync.settings.section import Section, explain, unknown
from sync.settings.services import (
    BackendSection,
    DataSection,
    EmbeddingSection,
    LabelStudioSection,
    LLMSection,
    PriceSection,
    ProjectSection,
)
from sync.settings.sources import SourcesSection
from sync.settings.split import SplitSection
from sync.settings.targets import TargetsSection, check_targets, kinds_of
from sync.settings.training import TrainingSection

__all__ = [
    "BackendSection",
    "Config",
    "DataSection",
    "EmbeddingSection",
    "LLMSection",
    "LabelStudioSection",
    "PriceSection",
    "ProjectSection",
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
        projects: by name, where the file has several; empty in a project's own configuration.
        project_name: the `[projects.NAME]` that this is the configuration of, or None.
        siblings: the other projects of the file by name, in a project's own configuration.
    """

    label_studio: LabelStudioSection = LabelStudioSection()
    backend: BackendSection = BackendSection()
    llm: LLMSection = LLMSection()
    embedding: EmbeddingSection = EmbeddingSection()
    data: DataSection = DataSection()
    sources: SourcesSection = SourcesSection()
    cleaning: CleaningSection = CleaningSection()
    training: TrainingSection = TrainingSection()
    finetune: FinetuneSection = FinetuneSection()
    categories: CategorySections = Field(default_factory=dict)
    split: SplitSection = SplitSection()
    targets: TargetsSection = TargetsSection()
    queue: QueueSection = QueueSection()
    review: ReviewSection = ReviewSection()
    experts: dict[str, ExpertSection] = Field(default_factory=dict)
    mix: MixSection = MixSection()
    export: ExportSection = ExportSection()
    card: CardSection = CardSection()
    checks: CheckTables = Field(default_factory=dict)
    evaluate: EvaluateSection = EvaluateSection()
    projects: dict[str, ProjectSection] = Field(default_factory=dict)
    project_name: str | None = Field(default=None, exclude=True)
    siblings: dict[str, LabelStudioSection] = Field(default_factory=dict, exclude=True)
    folder: Path = Field(default=Path(), exclude=True)
    api_key: str | None = Field(default=None, exclude=True, repr=False)
    env: dict[str, str] = Field(default_factory=dict, exclude=True, repr=False)

    @model_validator(mode="after")
    def _projects_differ(self) -> Self:
        check_projects(self.label_studio, self.projects)
        return self

    @model_validator(mode="after")
    def _dates_are_of_something(self) -> Self:
        if self.sources.date_format is not None and self.split.time_field is None:
            raise ValueError(
                "sources.date_format says how the field of split.time_field is written, and there "
                'is none; set [split] by = "time" and time_field, or take it out'
            )
        return self

    @model_validator(mode="after")
    def _targets_have_labels(self) -> Self:
        check_targets(self.targets, kinds_of(self.categories, self.targets.length))
        return self

    @model_validator(mode="after")
    def _learnt_category_is_there(self) -> Self:
        if self.projects:  # each has a page of its own
            return self
        try:
            self.learnt_labels()
        except ConfigError as error:
            raise ValueError(str(error)) from error
        except LabelConfigError:
            pass  # said where the interface is loaded
        return self

    def learnt_labels(self) -> Sequence[str]:
        """The labels of the kind of category that `queue.learn` names; () where it names none.

        Raises:
            ConfigError: there is no such kind, or the page does not list its labels.
            UnknownInterfaceError: no interface has that name.
        """
        kind = self.queue.learn
        if kind is None or kind in self.categories:
            return () if kind is None else self.categories[kind].labels
        return listed_labels(kind, self.load_interface())

    @property
    def data_dir(self) -> Path:
        """The data folder of this machine, resolved against the configuration's folder.

        Raises:
            ConfigError: it is in an object store; `sync.table.data_folder` knows both.
        """
        if self.data.is_url:
            raise ConfigError(f"data.dir is {self.data.dir!r}, which is no folder of this machine")
        return self.folder / self.data.dir

    def for_project(self, name: str | None = None) -> "Config":
        """The configuration of one project; None for the only one that there is.

        Raises:
            ConfigError: no project has that name, or the file has several and `name` is None.
        """
        changed = of_one_project(
            name,
            shared=self.label_studio,
            projects=self.projects,
            own_name=self.project_name,
        )
        return self.model_copy(update=changed) if changed else self

    def load_interface(self) -> Interface[Any]:
        """What annotators see, with the project's own categories.

        Raises:
            UnknownInterfaceError: no interface has that name.
        """
        own = self.label_studio.categories
        kinds = {name: section.labels for name, section in self.categories.items()}
        return label_configs.load(self.label_studio.interface, own, kinds)

    def guidelines_text(self) -> str:
        """What annotators and model go by, as Markdown: the profile, then the guidelines.

        Raises:
            ConfigError: the guidelines can't be read.
            ProfileError: no profile has that name, or it can't be used.
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
    stray = {"folder", "api_key", "env", "project_name", "siblings"} & raw.keys()
    if stray:
        raise ConfigError(unknown(path, (stray.pop(),), Config))
    env = environment(folder)
    for (section, key), variable in _OVERRIDES.items():
        if env.get(variable) and isinstance(raw.setdefault(section, {}), dict):
            raw[section][key] = env[variable]
    try:
        return Config.model_validate(
            {**raw, "folder": folder, "api_key": env.get("LABEL_STUDIO_API_KEY"), "env": env}
        )
    except ValidationError as error:
        raise ConfigError(explain(path, error, Config)) from error


_OVERRIDES = {
    ("label_studio", "url"): "LABEL_STUDIO_URL",
    ("backend", "url"): "LABELTUNE_BACKEND_URL",
    ("llm", "base_url"): "OPENAI_BASE_URL",
}


def environment(folder: Path) -> dict[str, str]:
    """The process environment on top of `folder/.env`."""
    from_file = {k: v for k, v in dotenv_values(folder / ".env").items() if v is not None}
    return {**from_file, **os.environ}
