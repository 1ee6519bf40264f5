"""The queues of a project: what they are called, where they lie, and that their verdicts count."""

from pathlib import Path

import pytest

from sync.common.errors import ConfigError
from sync.intake.push.backend_params import backend_settings
from sync.records.pulled_work import open_pulled_work
from sync.records.record import LabelledRecord
from sync.records.review_queues import pull_queues, queue_configs, review_settings
from sync.records.work_done import work_done
from sync.settings import Config, LabelStudioSection, ProjectSection
from sync.settings.review import ReviewSection, TierSection
from sync.table import last_runs
from sync.table.data_folder import data_folder
from tests.sync.builders import annotation, config_in, result, reviewed, task_row
from tests.sync.fakes import FakeLabelStudio

TIERS = ReviewSection(tiers=(TierSection(name="peer"), TierSection(name="boss", project="Sign")))


def test_a_project_has_a_queue_a_tier(tmp_path: Path) -> None:
    config = config_in(tmp_path, guidelines="rules.md").model_copy(update={"review": TIERS})
    peer, boss = queue_configs(config).values()
    assert (peer.label_studio.project, boss.label_studio.project) == (
        "Support answers review: peer",
        "Sign",
    )
    assert (peer.label_studio.interface, peer.label_studio.guidelines) == ("review", "rules.md")
    assert data_folder(peer).location("x").endswith("labeltune-data/projects/review-peer/x")
    # the backend reads the verdicts of a queue by the title of what it reviews
    assert backend_settings(peer, "").reviews == ("Support answers",)
    assert queue_configs(peer) == {}


def test_one_of_several_projects_has_queues_of_its_own(tmp_path: Path) -> None:
    whole = Config(
        folder=tmp_path,
        projects={"a": ProjectSection(project="One"), "b": ProjectSection(project="Two")},
    )
    names = [
        queue.project_name
        for name in ("a", "b")
        for queue in queue_configs(whole.for_project(name)).values()
    ]
    assert names == ["a-review-peer", "b-review-peer"]


def test_a_long_title_is_cut_to_what_label_studio_takes(tmp_path: Path) -> None:
    titles = ["An assistant of the long-term care department, one", "An assistant of the long-x"]
    titles.append("An assistant of the long-term care department, two")
    made = [
        next(iter(queue_configs(config_in(tmp_path, project=title)).values())).label_studio.project
        for title in titles
    ]
    assert all(len(title) <= 50 and title.endswith(" review: peer") for title in made)
    assert len(set(made)) == 3
    assert made[1] == "An assistant of the long-x review: peer"


def test_a_title_that_another_project_has_is_refused(tmp_path: Path) -> None:
    config = config_in(tmp_path, project="Sign").model_copy(update={"review": TIERS})
    with pytest.raises(ConfigError, match="'Sign' is another project; give the tier 'boss'"):
        queue_configs(config)


@pytest.mark.parametrize(
    ("profile", "tiers", "risk"),
    [
        (None, ["peer"], 0.5),
        ("legal", ["paralegal", "attorney"], 0.7),
        ("healthcare", ["peer", "clinician"], 0.8),
        ("pharma", ["peer", "medical"], 0.8),
        ("finance", ["peer", "compliance"], 0.6),
    ],
)
def test_a_profile_brings_tiers_and_a_risk(
    tmp_path: Path, profile: str | None, tiers: list[str], risk: float
) -> None:
    found = review_settings(config_in(tmp_path, profile=profile))
    assert ([tier.name for tier in found.tiers], found.base_risk) == (tiers, risk)


def test_what_the_file_says_comes_before_the_profile(tmp_path: Path) -> None:
    own = ReviewSection(tiers=(TierSection(name="colleague"),), random=0.5)
    config = config_in(tmp_path, profile="legal").model_copy(update={"review": own})
    found = review_settings(config)
    assert [tier.name for tier in found.tiers] == ["colleague"]
    assert (found.random, found.base_risk, found.risk) == (0.5, 0.7, 0.15)


def test_a_fault_in_a_profile_of_one_s_own_is_named(tmp_path: Path) -> None:
    text = "title: Ours\nsummary: ours\nrules: Be kind.\nreview: {rando: 0.1}\n"
    (tmp_path / "ours.yaml").write_text(text)
    with pytest.raises(ConfigError, match=r"profile ours\.yaml: unknown key 'review\.rando'"):
        review_settings(config_in(tmp_path, profile="ours.yaml"))


def test_verdicts_of_a_queue_count_once_it_is_pulled(tmp_path: Path) -> None:
    config = config_in(tmp_path)
    table = data_folder(config).table()
    row = task_row(1, [annotation(1, result("It is free."))], labeltune_id="one")
    table.apply(7, [row])
    table.apply(8, [reviewed("one", "It is free.", decision="reject")])
    last_runs.note(data_folder(config), "pull", {"project": "Support answers", "project_id": 7})
    (before,) = open_pulled_work(config).outcomes()
    assert isinstance(before, LabelledRecord)
    assert not before.rejected
    assert work_done(config)[0].accepted == 1
    (queue,) = queue_configs(config).values()
    said = {"project": queue.label_studio.project, "project_id": 8}
    last_runs.note(data_folder(queue), "pull", said)
    (after,) = open_pulled_work(config).outcomes()
    assert isinstance(after, LabelledRecord)
    assert after.rejected
    # what was counted before is not taken for it
    assert work_done(config)[0].rejected_by_review == 1


def test_a_queue_is_pulled_where_there_is_one(tmp_path: Path) -> None:
    config = config_in(tmp_path)
    assert pull_queues(config, FakeLabelStudio(), lambda done, total: None) == {}
    studio = FakeLabelStudio("Support answers review: peer")
    studio.add(reviewed_id="one")
    pulled = pull_queues(config, studio, lambda done, total: None)
    assert {tier: report.tasks for tier, report in pulled.items()} == {"peer": 1}


def test_a_project_of_reviews_has_no_queue(tmp_path: Path) -> None:
    config = Config(folder=tmp_path, label_studio=LabelStudioSection(interface="review"))
    assert queue_configs(config) == {}
