"""Stars: noted when first seen, taken where the answer was changed, given to what was chosen."""

from pathlib import Path
from typing import Any

import pytest

from label_configs.queue_fields import STARRED
from sync.commands.review import sentences
from sync.records.pulled_work import open_pulled_work
from sync.records.record import LabelledRecord
from sync.settings import Config
from sync.settings.review import TierSection
from sync.table.pull import pull
from tests.sync.builders import result
from tests.sync.fakes import Json
from tests.sync.queue.review.studio import Killed, ReviewStudio, reviewing, run

TWO_TIERS = (TierSection(name="peer"), TierSection(name="attorney"))


def answered_twice() -> ReviewStudio:
    """A task with two answers that differ."""
    studio = ReviewStudio()
    task_id = studio.answer("Answer 0.", by=1, name="t0")
    studio.project().annotate(task_id, result("Another.", verdict="edit"), completed_by=2)
    return studio


def task(studio: ReviewStudio) -> Json:
    (found,) = studio.project().tasks.values()
    return found


def stars(studio: ReviewStudio) -> list[bool]:
    return [each["ground_truth"] for each in task(studio)["annotations"]]


def star(studio: ReviewStudio, place: int = 0) -> None:
    """Somebody gives a star in Label Studio."""
    studio.set_ground_truth(task(studio)["annotations"][place]["id"])


def record(config: Config, studio: ReviewStudio) -> LabelledRecord:
    client: Any = studio
    pull(config, client)
    (found,) = open_pulled_work(config).outcomes()
    assert isinstance(found, LabelledRecord)
    return found


def test_what_was_chosen_among_several_gets_a_star_and_the_verdict_goes_on_deciding(
    tmp_path: Path,
) -> None:
    studio, config = answered_twice(), reviewing(tmp_path, random=1.0)
    run(config, studio)
    studio.decide("t0", decision="approve", best=0)
    report = run(config, studio)
    assert (report.stars, stars(studio)) == (1, [True, False])
    assert "1 answer that reviewers chose among several got a star" in "\n".join(sentences(report))
    found = record(config, studio)
    assert found.review is not None
    assert (found.review.decision, found.review.reviewer) == ("approve", 9)
    writes = studio.writes
    assert (run(config, studio).stars, studio.writes) == (0, writes)


@pytest.mark.parametrize("verdict", ["amend", "reject"])
def test_no_other_verdict_gives_one(tmp_path: Path, verdict: str) -> None:
    studio, config = answered_twice(), reviewing(tmp_path, random=1.0)
    run(config, studio)
    amended = "A better one." if verdict == "amend" else ""
    studio.decide("t0", decision=verdict, best=0, amended=amended, reason="Wrong.")
    assert (run(config, studio).stars, stars(studio)) == (0, [False, False])


def test_an_answer_that_stands_alone_gets_none(tmp_path: Path) -> None:
    studio, config = ReviewStudio(), reviewing(tmp_path, random=1.0)
    studio.answer("Answer 0.", by=1, name="t0")
    run(config, studio)
    studio.decide("t0", decision="approve", best=0)
    assert (run(config, studio).stars, stars(studio)) == (0, [False])


def test_it_comes_only_when_every_tier_has_approved(tmp_path: Path) -> None:
    studio, config = answered_twice(), reviewing(tmp_path, random=1.0, tiers=TWO_TIERS)
    run(config, studio)
    studio.decide("t0", decision="approve", best=0)
    assert run(config, studio).stars == 0
    studio.decide("t0", by=5, tier="attorney", decision="approve", best=0)
    assert (run(config, studio).stars, stars(studio)) == (1, [True, False])


def test_a_star_that_follows_a_verdict_goes_with_it(tmp_path: Path) -> None:
    studio, config = answered_twice(), reviewing(tmp_path, random=1.0)
    run(config, studio)
    studio.decide("t0", decision="approve", best=1)
    run(config, studio)
    assert stars(studio) == [False, True]
    studio.project().edit(task(studio)["id"], result("Unseen.", verdict="edit"))
    found = record(config, studio)  # before any further run
    assert (found.record.response, found.review) == ("Unseen.", None)
    report = run(config, studio)
    assert (report.lapsed_stars, stars(studio)) == (0, [False, False])
    assert STARRED not in task(studio)["data"]
    assert len(studio.project("Support answers review: peer").tasks) == 2


def test_whoever_takes_such_a_star_away_does_not_get_it_back(tmp_path: Path) -> None:
    studio, config = answered_twice(), reviewing(tmp_path, random=1.0)
    run(config, studio)
    studio.decide("t0", decision="approve", best=0)
    run(config, studio)
    studio.set_ground_truth(task(studio)["annotations"][0]["id"], to=False)
    assert (run(config, studio).stars, stars(studio)) == (0, [False, False])


def test_an_answer_that_is_changed_under_somebody_s_star_does_not_count_unseen(
    tmp_path: Path,
) -> None:
    studio, config = answered_twice(), reviewing(tmp_path)
    star(studio, 1)
    run(config, studio)
    found = record(config, studio)
    assert found.review is not None and found.review.decision == "ground truth"
    studio.project().edit(task(studio)["id"], result("Unseen.", verdict="edit"))
    assert record(config, studio).review is None
    report = run(config, studio)
    assert (report.lapsed_stars, stars(studio)) == (1, [False, False])
    assert "1 star was taken away" in "\n".join(sentences(report))
    # whoever means the new answer gives it anew
    star(studio, 1)
    run(config, studio)
    found = record(config, studio)
    assert (found.record.response, found.review is not None) == ("Unseen.", True)


def test_a_dry_run_touches_no_star(tmp_path: Path) -> None:
    studio, config = answered_twice(), reviewing(tmp_path)
    star(studio)
    before = studio.writes
    run(config, studio, dry_run=True)
    assert (studio.writes, STARRED in task(studio)["data"]) == (before, False)


def test_killed_between_a_star_and_its_note_it_is_still_no_star_of_somebody_s(
    tmp_path: Path,
) -> None:
    studio, config = answered_twice(), reviewing(tmp_path, random=1.0)
    run(config, studio)
    studio.decide("t0", decision="approve", best=0)
    studio.dies_at = (studio.writes + 1, True)
    with pytest.raises(Killed):
        run(config, studio)
    assert (stars(studio), STARRED in task(studio)["data"]) == ([True, False], False)
    studio.dies_at = None
    run(config, studio)
    found = record(config, studio)
    assert found.review is not None and found.review.decision == "approve"


def test_an_annotation_that_is_gone_by_then_is_passed_over(tmp_path: Path) -> None:
    studio, config = answered_twice(), reviewing(tmp_path, random=1.0)
    run(config, studio)
    studio.decide("t0", decision="approve", best=0)
    gone = task(studio)["annotations"]

    class Gone(ReviewStudio):
        """Loses the annotation before it gets its star."""

        def set_ground_truth(self, annotation_id: int, *, to: bool = True) -> None:
            del gone[0]
            super().set_ground_truth(annotation_id, to=to)

    studio.__class__ = Gone
    run(config, studio)
    assert stars(studio) == [False]
