"""`[projects.NAME]` of `labeltune.toml`: several projects that share everything else."""

import re
from collections.abc import Mapping
from typing import Any

from sync.common.errors import ConfigError
from sync.common.wording import nearest
from sync.settings.services import LabelStudioSection, ProjectSection

# also the name of a folder and of an option's value
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


def of_one_project(
    name: str | None,
    *,
    shared: LabelStudioSection,
    projects: Mapping[str, ProjectSection],
    own_name: str | None,
) -> dict[str, Any]:
    """The fields of `Config` that change for one project: its keys replace `[label_studio]`'s.

    Args:
        name: of a `[projects.NAME]`; None for the only project that there is.
        own_name: the project that the configuration is of already.

    Returns:
        Fields of `Config`; it knows the others as its `siblings`. Empty where nothing changes.

    Raises:
        ConfigError: no project has that name, or the file has several and `name` is None.
    """
    if not projects:
        if name is None or name == own_name:
            return {}
        raise ConfigError(
            f"labeltune.toml has no [projects.{name}]; leave --project out, or add that table"
        )
    if name is None and len(projects) == 1:
        (name,) = projects
    if name is None:
        raise ConfigError(
            f"labeltune.toml has the projects {', '.join(projects)}; say which with --project NAME"
        )
    if name not in projects:
        remedy = nearest(name, projects, "known here:")
        raise ConfigError(f"labeltune.toml has no [projects.{name}]; {remedy}")
    all_of_them = {each: merged(shared, own) for each, own in projects.items()}
    return {
        "label_studio": all_of_them.pop(name),
        "projects": {},
        "project_name": name,
        "siblings": all_of_them,
    }


def merged(shared: LabelStudioSection, own: ProjectSection) -> LabelStudioSection:
    """The settings of a project: its own keys over those of `[label_studio]`."""
    return shared.model_copy(update=own.model_dump(exclude_unset=True))


def check_projects(shared: LabelStudioSection, projects: Mapping[str, ProjectSection]) -> None:
    """Refuse names that can't be a folder's, and two tables for one project.

    Raises:
        ValueError: names the table.
    """
    titles: dict[str, str] = {}
    folders: dict[str, str] = {}
    for name, own in projects.items():
        if not _NAME.fullmatch(name):
            raise ValueError(
                f"projects.{name!r} names a folder; use at most 64 letters, digits, - and _"
            )
        twin = folders.setdefault(name.lower(), name)
        if twin != name:
            raise ValueError(f"projects.{twin} and projects.{name} differ in case only")
        title = merged(shared, own).project
        first = titles.setdefault(title, name)
        if first != name:
            raise ValueError(
                f"projects.{first} and projects.{name} are both {title!r} in Label Studio; give "
                "each its own `project`"
            )
