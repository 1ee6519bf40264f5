"""The table of experts beside the accounts of Label Studio: who is who, and who may decide."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import Field, ValidationError

from sync.common.errors import ConfigError
from sync.common.wording import nearest
from sync.queue.review.experts.fit import COMPLEXITY, Expert
from sync.settings import Config
from sync.settings.experts import ExpertSection
from sync.settings.section import Section, explain


class _ExpertsFile(Section):
    """What `review.experts_file` holds."""

    experts: dict[str, ExpertSection] = Field(default_factory=dict)


@dataclass(frozen=True)
class Roster:
    """The experts of one project.

    Attributes:
        experts: those who have an account, in the order of their e-mails.
        without_account: e-mails of the others.
        tiers: of review that are somebody's, account or not.
        emails: of every account by id, of whoever is no expert as well.
    """

    experts: tuple[Expert, ...] = ()
    without_account: tuple[str, ...] = ()
    tiers: frozenset[str] = frozenset()
    emails: Mapping[int, str] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether nobody is named, so that anybody does anything."""
        return not self.experts and not self.without_account

    def may_review(self, tier: str) -> frozenset[int]:
        """Ids of those who may decide in a tier; empty where it is nobody's, so that anybody may.

        Raises:
            ConfigError: it is somebody's, and none of them has an account.
        """
        found = frozenset(each.user for each in self.experts if tier in each.tiers)
        if tier in self.tiers and not found:
            raise ConfigError(
                f"nobody who reviews the tier {tier!r} has an account in Label Studio "
                f"({', '.join(self.without_account)}); invite them, or correct [experts]"
            )
        return found


NO_EXPERTS = Roster()


def expert_sections(config: Config) -> dict[str, ExpertSection]:
    """The table of experts by e-mail: that of `review.experts_file`, then `[experts]`.

    Raises:
        ConfigError: the file can't be read, or names somebody whom the table names, too.
    """
    if config.review.experts_file is None:
        return dict(config.experts)
    path = config.folder / config.review.experts_file
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(
            f"{path}: can't be read as a table of experts ({error}); correct it, or "
            "review.experts_file"
        ) from error
    try:
        read = _ExpertsFile.model_validate(raw).experts
    except ValidationError as error:
        raise ConfigError(explain(path, error, _ExpertsFile)) from error
    twice = sorted(read.keys() & config.experts.keys())
    if twice:
        raise ConfigError(f"{path} and labeltune.toml both name {twice[0]}; keep one of the two")
    return {**read, **config.experts}


def read_roster(config: Config, users: Sequence[Mapping[str, Any]]) -> Roster:
    """Find each expert's account.

    Args:
        config: of one project; experts whose profiles are others are left out.
        users: `id` and `email`, as Label Studio lists them.

    Raises:
        ConfigError: the table can't be used: a label, a tier or an e-mail that is none.
    """
    sections = expert_sections(config)
    emails = {int(user["id"]): str(user["email"]) for user in users}
    accounts = {email.casefold(): (number, email) for number, email in emails.items()}
    profile = config.label_studio.profile
    experts: list[Expert] = []
    without: list[str] = []
    tiers: set[str] = set()
    for email, section in sorted(sections.items()):
        _check(email, section, config)
        if profile is not None and section.profiles and profile not in section.profiles:
            continue
        tiers.update(section.tiers)
        if email.casefold() in accounts:
            number, written = accounts[email.casefold()]
            experts.append(_expert(written, number, section, _complexities(config)))
        else:
            without.append(email)
    return Roster(tuple(experts), tuple(without), frozenset(tiers), emails)


def _expert(email: str, number: int, section: ExpertSection, complexities: Sequence[str]) -> Expert:
    hardest = section.most_complex
    return Expert(
        email=email,
        user=number,
        skills={name: frozenset(labels) for name, labels in section.skills.items()},
        tiers=frozenset(section.tiers),
        languages=frozenset(section.languages),
        hours=section.hours,
        hardest=None if hardest is None else complexities.index(hardest),
        annotates=section.annotates,
    )


def _complexities(config: Config) -> Sequence[str]:
    """The labels of `complexity`, the easiest first."""
    kind = config.categories.get(COMPLEXITY)
    return () if kind is None else kind.labels


def _check(email: str, section: ExpertSection, config: Config) -> None:
    where = f"[experts.{email!r}]"
    if "@" not in email:
        raise ConfigError(f"{where}: no e-mail, by which Label Studio knows people; write one")
    for name, labels in section.skills.items():
        known = config.categories.get(name)
        if known is None:
            # of the page itself
            continue
        for label in labels:
            if label not in known.labels:
                raise ConfigError(
                    f"{where}: [categories.{name}] has no label {label!r}; "
                    f"{nearest(label, known.labels)}"
                )
    complexities = _complexities(config)
    if section.most_complex is not None and section.most_complex not in complexities:
        has = f"has the labels {', '.join(complexities)}" if complexities else "is not there"
        raise ConfigError(
            f"{where}: most_complex = {section.most_complex!r}, but [categories.{COMPLEXITY}] "
            f"{has}; correct it"
        )
