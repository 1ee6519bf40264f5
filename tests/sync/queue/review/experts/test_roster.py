"""The table of experts beside the accounts: who is who, who may decide, and what can't be."""

from pathlib import Path
from typing import Any

import pytest

from sync.common.errors import ConfigError
from sync.queue.review.experts.roster import Roster, read_roster
from sync.settings import Config
from sync.settings.categories import CategorySection
from sync.settings.experts import ExpertSection
from sync.settings.review import ReviewSection
from tests.sync.builders import config_in

USERS = [{"id": 3, "email": "Ana@example.org"}, {"id": 4, "email": "bo@example.org"}]
CATEGORIES = {
    "topic": CategorySection(labels=("cards", "fees")),
    "complexity": CategorySection(labels=("straightforward", "moderate", "nuanced")),
}


def config(folder: Path, experts: dict[str, Any], **more: Any) -> Config:
    sections = {email: ExpertSection.model_validate(each) for email, each in experts.items()}
    update = {"experts": sections, "categories": CATEGORIES, **more}
    return config_in(folder).model_copy(update=update)


def read(folder: Path, experts: dict[str, Any], **more: Any) -> Roster:
    return read_roster(config(folder, experts, **more), USERS)


def test_experts_are_found_by_email_whatever_the_case(tmp_path: Path) -> None:
    roster = read(
        tmp_path,
        {
            "ana@example.org": {
                "skills": {"topic": ["cards"]},
                "tiers": ["compliance"],
                "hours": 10.0,
                "most_complex": "moderate",
            },
            "cleo@example.org": {"tiers": ["peer"]},
        },
    )
    (ana,) = roster.experts
    assert (ana.email, ana.user, ana.hours, ana.hardest) == ("Ana@example.org", 3, 10.0, 1)
    assert ana.skills == {"topic": frozenset({"cards"})}
    assert roster.without_account == ("cleo@example.org",)
    assert roster.emails == {3: "Ana@example.org", 4: "bo@example.org"}


def test_who_may_decide(tmp_path: Path) -> None:
    roster = read(
        tmp_path, {"ana@example.org": {"tiers": ["a", "b"]}, "bo@example.org": {"tiers": ["b"]}}
    )
    assert roster.may_review("a") == {3}
    assert roster.may_review("b") == {3, 4}
    assert roster.may_review("nobody's") == frozenset()
    assert Roster().is_empty and Roster().may_review("a") == frozenset()


def test_a_tier_of_people_without_accounts_is_not_open_to_everybody(tmp_path: Path) -> None:
    roster = read(tmp_path, {"cleo@example.org": {"tiers": ["attorney"]}})
    with pytest.raises(ConfigError, match=r"'attorney'.*cleo@example\.org"):
        roster.may_review("attorney")


def test_experts_of_other_profiles_are_left_out(tmp_path: Path) -> None:
    own = config(
        tmp_path,
        {"ana@example.org": {"profiles": ["legal"]}, "bo@example.org": {"profiles": ["finance"]}},
    )
    section = own.label_studio.model_copy(update={"profile": "legal"})
    roster = read_roster(own.model_copy(update={"label_studio": section}), USERS)
    assert [each.user for each in roster.experts] == [3]


@pytest.mark.parametrize(
    ("email", "section", "says"),
    [
        ("ana", {}, "no e-mail"),
        ("ana@example.org", {"skills": {"topic": ["card"]}}, "did you mean 'cards'"),
        ("ana@example.org", {"most_complex": "hard"}, "straightforward, moderate, nuanced"),
    ],
)
def test_what_can_not_be_is_told(
    tmp_path: Path, email: str, section: dict[str, Any], says: str
) -> None:
    with pytest.raises(ConfigError, match=says):
        read(tmp_path, {email: section})


def test_a_file_of_experts_is_read_beside_the_table(tmp_path: Path) -> None:
    (tmp_path / "experts.toml").write_text('[experts."bo@example.org"]\nhours = 4.0\n')
    review = ReviewSection(experts_file="experts.toml")
    roster = read(tmp_path, {"ana@example.org": {}}, review=review)
    assert [(each.user, each.hours) for each in roster.experts] == [(3, 1.0), (4, 4.0)]
    with pytest.raises(ConfigError, match=r"both name bo@example\.org"):
        read(tmp_path, {"bo@example.org": {}}, review=review)
    (tmp_path / "experts.toml").write_text('[experts."bo@example.org"]\nhour = 4.0\n')
    with pytest.raises(ConfigError, match=r"'experts\.bo@example\.org\.hour'.*'hours'"):
        read(tmp_path, {"ana@example.org": {}}, review=review)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"review\.experts_file"):
        read(tmp_path, {}, review=ReviewSection(experts_file="experts.toml"))
