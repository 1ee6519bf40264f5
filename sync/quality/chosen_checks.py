"""Which checks run, and how tuned: the defaults, then the profile, then `labeltune.toml`."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from label_configs import profiles
from sync.common.errors import ConfigError
from sync.common.wording import nearest
from sync.quality import checks, text_checks
from sync.quality.checks import CHECKS, FOLLOW_UPS, OPTIONS, Check, FollowUp
from sync.quality.text_checks import TEXT_CHECKS
from sync.quality.text_checks.checked_text import TextCheck
from sync.settings import Config
from sync.settings.checks import ON, CheckOptions, read_options

_FILE = "labeltune.toml"


@dataclass(frozen=True)
class ChosenChecks:
    """The checks that run, in order of their registries.

    Attributes:
        of_work: those of the whole set, and `options` their options.
        of_texts: those of one text at a time, with their options.
        of_results: those that judge by what the others found, after them.
    """

    of_work: Mapping[str, Check] = field(default_factory=dict)
    of_texts: Mapping[str, TextCheck] = field(default_factory=dict)
    options: CheckOptions = field(default_factory=CheckOptions)
    of_results: Mapping[str, FollowUp] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        """Of all that run."""
        return [*self.of_work, *self.of_texts, *self.of_results]


def chosen_checks(
    config: Config, only: Sequence[str] = (), skip: Sequence[str] = ()
) -> ChosenChecks:
    """The checks that a project wants.

    Args:
        only: names of those to run, whatever the settings say; none: those of the settings.
        skip: names of those that don't run.

    Raises:
        ConfigError: a check or an option is unknown or of another type; names file and key.
        ProfileError: the profile can't be used.
    """
    off = checks.OFF_UNLESS_ASKED | text_checks.OFF_UNLESS_ASKED
    on = {name: name not in off for name in (*CHECKS, *TEXT_CHECKS, *FOLLOW_UPS)}
    kinds: dict[str, Any] = {**OPTIONS, **TEXT_CHECKS}
    tables: dict[str, dict[str, Any]] = {name: {} for name in on}
    read: dict[str, Any] = {}
    for file, wanted in _files(config):
        for name, value in wanted.items():
            if name not in on:
                raise ConfigError(f"{file}: unknown check 'checks.{name}'; {nearest(name, on)}")
            on[name], table = _switch(value, f"{file}: checks.{name}")
            tables[name] |= table
            if name in kinds:
                within = ("checks", name)
                read[name] = read_options(kinds[name], tables[name], file, within)
            elif table:
                key = f"checks.{name}.{next(iter(table))}"
                raise ConfigError(f"{file}: unknown key {key!r}; this check has no options")
    for option, names in (("--only", only), ("--skip", skip)):
        for name in names:
            if name not in on:
                raise ConfigError(f"{option}: unknown check {name!r}; {nearest(name, on)}")
    on = {name: (name in only or (on[name] and not only)) and name not in skip for name in on}
    return ChosenChecks(
        of_work={name: check for name, check in CHECKS.items() if on[name]},
        of_texts={n: read.get(n) or kind() for n, kind in TEXT_CHECKS.items() if on[n]},
        of_results={name: check for name, check in FOLLOW_UPS.items() if on[name]},
        options=CheckOptions({name: read[name] for name in OPTIONS if name in read}),
    )


def _files(config: Config) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """What is said of checks, and where; what comes later counts more."""
    name = config.label_studio.profile
    if name is not None:
        yield f"profile {name!r}", profiles.load(name, config.folder).checks
    yield _FILE, config.checks


def _switch(value: Any, where: str) -> tuple[bool, dict[str, Any]]:
    """Whether a check is on, and its options."""
    if isinstance(value, bool):
        return value, {}
    on = value.get(ON, True)
    if not isinstance(on, bool):
        raise ConfigError(f"{where}.{ON}: expected true or false, found {on!r}")
    return on, {key: option for key, option in value.items() if key != ON}
