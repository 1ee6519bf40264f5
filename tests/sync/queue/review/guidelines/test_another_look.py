"""A changed guideline sends the finished work that it concerns to review, once."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from connectors.extras import MissingExtraError
from label_configs.review_place import AMENDED_FROM, answers_of, place_of
from label_configs.review_task import shown_answers
from sync.commands.review import sentences
from sync.queue.asked_texts import TextEmbedding
from sync.queue.review.run import ReviewReport
from sync.records.pulled_work import open_pulled_work
from sync.records.record import LabelledRecord
from sync.settings import Config
from sync.settings.review import TierSection
from sync.table import last_runs
from sync.table.data_folder import data_folder
from tests.sync.builders import result
from tests.sync.fakes import FakeLabelStudio
from tests.sync.queue.review.studio import TITLE, ReviewStudio, Unlike, reviewing, run

OLD = "# Rules\n\nBe brief.\n\nA new card costs GBP 5.00."
NEW = OLD.replace("5.00", "7.50")
ANSWERS = {"fee": "It costs £5.", "freeze": "Freeze the card in the app.", "fees": "GBP 5.00."}


class Guided:
    """A team with guidelines; each run takes a minute, in which nobody works.

    Attributes:
        studio: whose clock is that of the machine.
    """

    def __init__(
        self, folder: Path, answers: Mapping[str, str] = ANSWERS, **settings: object
    ) -> None:
        self.studio = ReviewStudio()
        self._file = folder / "guidelines.md"
        base = reviewing(folder, **({"guidelines": 1.0} | settings))
        section = base.label_studio.model_copy(update={"guidelines": "guidelines.md"})
        self.config: Config = base.model_copy(update={"label_studio": section})
        self.say(OLD)
        self.studio._new(TITLE)
        self.studio.project()._now = datetime.now(UTC)
        for name, text in answers.items():
            self.studio.answer(text, name=name)
            self.tell_time()
        self.run()

    def say(self, text: str) -> None:
        self._file.write_text(text, encoding="utf-8")

    def run(self, **options: bool) -> ReviewReport:
        self.tell_time()
        return run(self.config, self.studio, **options)

    def tell_time(self) -> None:
        """What comes next in Label Studio comes now, and after all that came before."""
        for each in self.studio.projects_by_id.values():
            each._now = max(each._now, datetime.now(UTC))

    def decide(self, name: str, **controls: object) -> None:
        self.run(dry_run=True)
        self.studio.decide(name, **controls)  # type: ignore[arg-type]

    def record(self, name: str) -> LabelledRecord:
        outcomes = open_pulled_work(self.config).outcomes()
        return next(o for o in outcomes if isinstance(o, LabelledRecord) and o.key == name)


def studio_of(guided: Guided) -> FakeLabelStudio:
    return guided.studio.project()


def test_work_that_says_the_old_figure_goes_to_review_with_the_sentence(tmp_path: Path) -> None:
    guided = Guided(tmp_path)
    assert guided.run().guidelines == ()
    guided.say(NEW)
    report = guided.run()
    assert (report.reasons, report.concerned) == ({"guidelines": 2}, 2)
    assert guided.studio.queue().keys() == {"fee", "fees"}
    data = guided.studio.queue()["fee"]["data"]
    assert data["sent_because"] == (
        "the guidelines have changed since it was written: “A new card costs GBP 7.50.” "
        "(before: “A new card costs GBP 5.00.”)"
    )
    assert "GBP 7.50" in json.dumps(data)
    for _ in range(3):
        again = guided.run()
        assert [(q.new, q.changed, q.removed) for q in again.queues] == [(0, 0, 0)]


def test_a_dry_run_says_how_many_and_why(tmp_path: Path) -> None:
    guided = Guided(tmp_path, guidelines=0.3)
    guided.say(NEW)
    writes = guided.studio.writes
    said = "\n".join(sentences(guided.run(dry_run=True)))
    assert guided.studio.writes == writes
    assert "1 sentence of the guidelines changed since work was finished, which concerns 2 " in said
    assert "2 finished tasks; 1 would go to review (review.guidelines says how many at" in said
    assert "2 “A new card costs GBP 7.50.” (before: “A new card costs GBP 5.00.”): " in said
    assert "2 say a figure that it named" in said


def test_a_typing_error_that_is_put_right_sends_nothing(tmp_path: Path) -> None:
    guided = Guided(tmp_path)
    guided.say(OLD.replace("Be brief", "Be breif"))
    assert guided.run().guidelines == ()
    guided.say(OLD)
    assert guided.run().guidelines == ()


def test_what_is_taken_back_sends_nothing(tmp_path: Path) -> None:
    guided = Guided(tmp_path)
    guided.say(NEW)
    guided.run(dry_run=True)
    guided.say(OLD)
    assert guided.run().guidelines == ()


def test_what_was_written_or_reviewed_since_is_left(tmp_path: Path) -> None:
    guided = Guided(tmp_path)
    guided.say(NEW)
    guided.run(dry_run=True)
    guided.tell_time()
    guided.studio.answer("It costs £5.", name="late")
    guided.run()
    guided.decide("fee", decision="approve", best=0)
    report = guided.run()
    assert report.reasons == {"guidelines": 1}
    assert guided.studio.queue().keys() == {"fee", "fees"}


def test_what_all_tiers_had_passed_is_reviewed_anew_and_counts_meanwhile(tmp_path: Path) -> None:
    guided = Guided(tmp_path, {"fee": "It costs £5."}, random=1.0)
    guided.decide("fee", decision="amend", amended="It costs GBP 5.", reason="The code.")
    assert guided.run().passed == 1
    guided.say(NEW)
    report = guided.run()
    assert (report.passed, report.reasons) == (0, {"guidelines": 1, "random": 1})
    first, second = guided.studio.project("Support answers review: peer").tasks.values()
    places = place_of(first["data"]), place_of(second["data"])
    assert places[0].round != places[1].round
    assert answers_of(places[1].round) == places[0].round
    # whoever wrote the amended words does not pass them now
    assert places[1].authors == {1, 9}
    (answer,) = second["data"]["answers"]
    assert (answer["text"], answer[AMENDED_FROM]) == ("It costs GBP 5.", "It costs £5.")
    assert guided.record("fee").record.response == "It costs GBP 5."

    guided.tell_time()
    studio = guided.studio.project("Support answers review: peer")
    del studio.tasks[first["id"]]
    guided.studio.decide("fee", by=5, decision="amend", amended="It costs GBP 7.50.", reason="New.")
    report = guided.run()
    assert (report.passed, report.guidelines) == (1, ())
    assert guided.record("fee").record.response == "It costs GBP 7.50."


def test_of_several_answers_the_new_verdict_counts_and_the_old_one_is_history(
    tmp_path: Path,
) -> None:
    tiers = (TierSection(name="peer"), TierSection(name="attorney"))
    guided = Guided(tmp_path, {"fee": "It costs £5."}, random=1.0, tiers=tiers)
    studio_of(guided).annotate(
        next(iter(studio_of(guided).tasks)), result("It is free.", verdict="edit"), completed_by=2
    )
    for tier, reviewer in (("peer", 9), ("attorney", 5)):
        guided.run()
        shown = [each["text"] for each in shown_answers(guided.studio.queue(tier)["fee"]["data"])]
        best = shown.index("It costs £5.")
        guided.studio.decide("fee", by=reviewer, tier=tier, decision="approve", best=best)
    assert guided.run().passed == 1
    guided.say(NEW)
    guided.run()
    guided.tell_time()
    queue = guided.studio.project("Support answers review: peer")
    first, _ = queue.tasks.values()
    kept = queue.tasks.pop(first["id"])
    guided.studio.decide("fee", by=9, decision="reject", reason="It costs more now.")
    queue.tasks[first["id"]] = kept
    report = guided.run()
    assert (report.rejected, report.passed) == (1, 0)
    found = guided.record("fee")
    assert found.rejected
    assert [each.decision for each in found.earlier_reviews] == ["approve", "approve"]


def test_settled_by_the_lead_nothing_goes(tmp_path: Path) -> None:
    guided = Guided(tmp_path)
    guided.say(NEW)
    assert guided.run(dry_run=True).concerned == 2
    report = guided.run(settled=True)
    assert (report.guidelines, report.reasons) == ((), {})
    guided.say(NEW.replace("7.50", "9.00"))
    assert guided.run().concerned == 0  # nobody says £7.50


def test_no_share_looks_for_nothing(tmp_path: Path) -> None:
    guided = Guided(tmp_path, guidelines=0.0)
    guided.say(NEW)
    assert guided.run().guidelines == ()


def test_without_an_embedding_model_the_rules_still_hold(tmp_path: Path) -> None:
    guided = Guided(tmp_path)
    guided.say(NEW)

    def missing(_: str) -> Unlike:
        raise MissingExtraError("install it")

    guided.tell_time()
    report = run(guided.config, guided.studio, TextEmbedding(load=missing))
    assert report.reasons == {"guidelines": 2}
    assert any(note.startswith("Guidelines are not compared by meaning") for note in report.notes)


def test_what_asks_about_a_new_sentence_goes_to_review(tmp_path: Path) -> None:
    guided = Guided(tmp_path, {"freeze": "Call us."})

    class Alike:
        """An embedding model by which everything is about the same."""

        def encode(self, texts: list[str]) -> np.ndarray:
            rows = np.array([[1.0, 0.01 * row] for row in range(len(texts))], np.float32)
            return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    guided.say(f"{OLD}\n\nA lost card is frozen in the app.")
    guided.tell_time()
    report = run(guided.config, guided.studio, TextEmbedding(load=lambda _: Alike()))
    assert report.reasons == {"guidelines": 1}
    assert [dict(each.why) for each in report.guidelines] == [{"meaning": 1}]


@pytest.mark.parametrize(
    "noted", [{"digest": "0", "changed": True}, {"versions": [{}]}, {"versions": 3}]
)
def test_a_note_of_another_program_is_no_reason_to_fail(
    tmp_path: Path, noted: dict[str, object]
) -> None:
    guided = Guided(tmp_path)
    last_runs.note(data_folder(guided.config), "guidelines", noted)
    assert guided.run().guidelines == ()
