"""`labeltune review` with a table of experts, against a Label Studio in memory."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from label_configs.queue_fields import ASSIGNED_TO
from label_configs.review_place import place_of
from sync.commands.review import sentences
from sync.common.errors import ConfigError
from sync.queue.review.experts.views import whose
from sync.settings import Config
from sync.settings.categories import CategorySection
from sync.settings.experts import ExpertSection
from sync.settings.review import TierSection
from tests.sync.builders import result
from tests.sync.queue.review.studio import TITLE, ReviewStudio, reviewing, run

ANA, BO, CLEO = "ana@example.org", "bo@example.org", "cleo@example.org"
TIERS = (TierSection(name="peer"), TierSection(name="compliance"))
TOPICS = {
    "topic": CategorySection(labels=("cards", "fees"), rules={"cards": ("card",)}, otherwise="fees")
}


def studio(open_tasks: int = 4, done: int = 3) -> ReviewStudio:
    """Ana, Bo and Cleo; finished tasks of Ana's, and tasks that wait."""
    made = ReviewStudio()
    made.people = {1: ANA, 2: BO, 3: CLEO}
    for number in range(done):
        made.answer(f"Answer {number}.", by=1, name=f"done-{number}")
    for number in range(open_tasks):
        asks = "Where is my card?" if number % 2 else "What is the fee?"
        made.project().add(
            labeltune_id=f"open-{number}", messages=[{"role": "user", "content": asks}]
        )
    return made


def later(made: ReviewStudio) -> None:
    """What people do now comes after what LabelTune has written."""
    for each in made.projects_by_id.values():
        each._now = max(each._now, datetime.now(UTC) + timedelta(seconds=5))


def expert_config(folder: Path, experts: Mapping[str, Any], **settings: Any) -> Config:
    sections = {email: ExpertSection.model_validate(each) for email, each in experts.items()}
    base = reviewing(folder, **({"random": 1.0, "tiers": TIERS} | settings))
    return base.model_copy(update={"experts": sections, "categories": TOPICS})


TEAM: dict[str, Any] = {
    ANA: {"tiers": ["peer"], "skills": {"topic": ["cards"]}},
    BO: {"tiers": ["peer"]},
    CLEO: {"tiers": ["compliance"], "annotates": False},
}


def assigned(made: ReviewStudio, title: str = TITLE) -> dict[str, str | None]:
    tasks = made.project(title).tasks.values()
    return {
        str(task["data"].get("reviewed_id", task["data"]["labeltune_id"])): task["data"].get(
            ASSIGNED_TO
        )
        for task in tasks
    }


def test_open_tasks_and_reviews_go_to_who_may_do_them(tmp_path: Path) -> None:
    made = studio()
    report = run(expert_config(tmp_path, TEAM), made)
    assert report.shared is not None
    # Ana wrote what is to be reviewed, Cleo is of another tier
    assert set(assigned(made, f"{TITLE} review: peer").values()) == {BO}
    to = assigned(made)
    assert (to["open-1"], to["open-3"]) == (ANA, ANA)
    assert (to["open-0"], to["open-2"]) == (BO, BO)
    assert to["done-0"] is None
    for task in made.queue().values():
        place = place_of(task["data"])
        assert (place.authors, place.may_review) == ({1}, {1, 2})
    assert dict(report.shared.loads) == {ANA: 2, BO: 5, CLEO: 0}
    tabs = [whose(view) for view in made.views(7)]
    assert {ANA} in tabs and {BO} in tabs and {CLEO} not in tabs


def test_another_run_writes_nothing(tmp_path: Path) -> None:
    made, config = studio(), expert_config(tmp_path, TEAM)
    run(config, made)
    before = json.dumps([made.project().tasks, made.queue()], default=str)
    for _ in range(3):
        made.writes = 0
        report = run(config, made)
        assert report.shared is not None
        assert (report.shared.new, report.shared.views) == (0, 0)
        assert json.dumps([made.project().tasks, made.queue()], default=str) == before


def test_a_dry_run_gives_nobody_anything(tmp_path: Path) -> None:
    made = studio()
    report = run(expert_config(tmp_path, TEAM), made, dry_run=True)
    assert report.shared is not None and report.shared.new == 4
    assert set(assigned(made).values()) == {None}
    assert made.writes == 0


def test_what_is_passed_goes_to_the_next_tier_and_its_people(tmp_path: Path) -> None:
    made, config = studio(), expert_config(tmp_path, TEAM)
    run(config, made)
    made.decide("done-0", by=2, decision="approve", best=0)
    made.decide("done-1", by=3, decision="reject", reason="Cleo is of no peers.")
    report = run(config, made)
    assert assigned(made, f"{TITLE} review: compliance") == {"done-0": CLEO}
    assert report.shared is not None
    outside = {each.email: dict(each.outside) for each in report.shared.people}
    assert outside[CLEO] == {"not of this tier": 1}
    # it waits again, for Bo
    assert "done-1" in made.stream(2) and assigned(made, f"{TITLE} review: peer")["done-1"] == BO


def test_only_a_page_that_is_not_blind_names_people(tmp_path: Path) -> None:
    for blind in (True, False):
        made = studio(open_tasks=0, done=1)
        tiers = (TierSection(name="peer", blind=blind),)
        run(expert_config(tmp_path / str(blind), TEAM, tiers=tiers), made)
        (task,) = made.queue().values()
        assert (ANA in json.dumps(task["data"])) is not blind
        assert (ANA in task["data"]["answers_html"]) is not blind


def test_somebody_who_joins_a_tier_may_decide_what_is_there(tmp_path: Path) -> None:
    made = studio()
    run(expert_config(tmp_path, TEAM), made)
    joined = {**TEAM, CLEO: {"tiers": ["peer", "compliance"], "annotates": False}}
    run(expert_config(tmp_path, joined), made)
    for task in made.queue().values():
        assert place_of(task["data"]).may_review == {1, 2, 3}


def test_a_tier_of_one_author_is_not_open_to_everybody(tmp_path: Path) -> None:
    made = studio()
    team = {ANA: {"tiers": ["peer"]}, CLEO: {"tiers": ["compliance"]}}
    report = run(expert_config(tmp_path, team), made)
    for task in made.queue().values():
        assert place_of(task["data"]).why_ignored(2) == "not of this tier"
    assert any("No expert may do 3 tasks" in note for note in report.notes)


def test_a_tier_of_nobody_with_an_account_is_refused_before_anything_is_sent(
    tmp_path: Path,
) -> None:
    made = studio()
    team = {ANA: {"tiers": ["peer"]}, "dora@example.org": {"tiers": ["compliance"]}}
    with pytest.raises(ConfigError, match="'compliance'"):
        run(expert_config(tmp_path, team), made)
    assert made.writes == 0


def test_the_report_tells_who_gets_what_and_who_worked_outside(tmp_path: Path) -> None:
    made, config = studio(), expert_config(tmp_path, {**TEAM, "dora@example.org": {}})
    run(config, made)
    later(made)
    # Bo answers what is meant for Ana
    made.project().annotate(
        next(i for i, t in made.project().tasks.items() if t["data"].get(ASSIGNED_TO) == ANA),
        result("Bo's."),
        completed_by=2,
    )
    said = "\n".join(sentences(run(config, made)))
    assert "Label Studio knows no account of dora@example.org" in said
    assert f"{BO} finished 1 task, 1 of them outside their queue: 1 meant for somebody else" in said


def test_with_overlap_each_opinion_is_given_to_somebody_in_turn(tmp_path: Path) -> None:
    made = studio(open_tasks=2)
    config = expert_config(tmp_path, {ANA: {}, BO: {}})
    section = config.label_studio.model_copy(update={"overlap": 2})
    config = config.model_copy(update={"label_studio": section})
    run(config, made)
    first = assigned(made)
    assert first == {f"done-{n}": BO for n in range(3)} | {"open-0": ANA, "open-1": ANA}
    later(made)
    for task_id, task in made.project().tasks.items():
        who = 1 if task["data"][ASSIGNED_TO] == ANA else 2
        made.project().annotate(task_id, result("Theirs."), completed_by=who)
    report = run(config, made)
    # what one has done is the other's now; nobody left anything, or worked outside their queue
    assert {name: to for name, to in assigned(made).items() if name in ("open-0", "open-1")} == {
        "open-0": BO,
        "open-1": BO,
    }
    assert report.shared is not None
    assert (report.shared.moved, report.shared.away) == (0, ())
    assert all(not each.outside for each in report.shared.people)
    assert dict(report.shared.loads) == {ANA: 0, BO: 2}


def test_a_tier_that_the_project_does_not_have_is_told(tmp_path: Path) -> None:
    made = studio()
    report = run(expert_config(tmp_path, {**TEAM, "dora@example.org": {"tiers": ["peers"]}}), made)
    said = "[experts] gives somebody the tier 'peers', which this project does not have"
    assert said in report.notes


def test_a_kind_of_category_that_the_project_does_not_have_is_told(tmp_path: Path) -> None:
    made = studio()
    team = {ANA: {"skills": {"topics": ["cards"], "category": ["billing"], "topic": ["fees"]}}}
    report = run(expert_config(tmp_path, team, tiers=TIERS[:1]), made)
    assert report.shared is not None
    assert report.shared.unknown_skills == ("topics",)
    assert any("names labels of 'topics'" in note for note in report.notes)


def test_without_a_table_nobody_is_asked_for(tmp_path: Path) -> None:
    made = studio()
    made.people = {}
    report = run(expert_config(tmp_path, {}), made)
    assert report.shared is None
    assert set(assigned(made).values()) == {None}
