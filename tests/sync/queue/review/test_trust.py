"""`labeltune review` and its annotators: who is flagged, who is asked, what is asked once more."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from connectors.extras import MissingExtraError
from label_configs.chat_response import ChatResponse
from sync.commands.review import sentences
from sync.queue.asked_texts import TextEmbedding
from sync.queue.review.run import ReviewReport
from sync.records.person_record import PersonRecord, known_people
from sync.settings import Config
from sync.table.data_folder import data_folder
from tests.sync.builders import INTERFACE
from tests.sync.queue.review.studio import Killed, ReviewStudio, reviewing, run


def said(certainty: str = "established", text: str = "It is free.") -> list[dict[str, Any]]:
    return INTERFACE.encode(ChatResponse(text, verdict="edit", certainty=certainty))


def shared(*certainties: str) -> ReviewStudio:
    """A task that annotators 1, 2, … answered, each with a certainty; and one of annotator 8."""
    studio = ReviewStudio()
    task_id = studio.answer("", name="shared")
    studio.project().tasks[task_id]["annotations"].clear()
    for who, certainty in enumerate(certainties, start=1):
        studio.project().annotate(task_id, said(certainty), completed_by=who)
    studio.answer("Alone.", by=8, name="alone")
    return studio


SHARED, ALONE = 7001, 7003


def people(config: Config) -> Mapping[int, PersonRecord]:
    return {each.annotator: each for each in known_people(data_folder(config))}


def test_a_disputed_task_is_handed_out_once_more_and_no_other(tmp_path: Path) -> None:
    studio, config = shared("established", "speculative"), reviewing(tmp_path)
    would = run(config, studio, dry_run=True)
    assert (would.disputed, would.raised, studio.overlaps) == (1, 1, {})
    report = run(config, studio)
    assert (report.disputed, report.adjudicated, report.raised) == (1, 0, 1)
    (task_id,) = studio.overlaps
    assert studio.project().tasks[task_id]["data"]["labeltune_id"] == "shared"
    assert studio.overlaps[task_id] == 3
    writes = studio.writes
    assert [run(config, studio).raised for _ in range(3)] == [0, 0, 0]
    assert studio.writes == writes
    assert "0 for a reviewer, 1 for one more annotator" in "\n".join(sentences(report))


def test_who_still_do_not_agree_go_to_a_reviewer(tmp_path: Path) -> None:
    studio = shared("established", "speculative", "established", "speculative")
    config = reviewing(tmp_path, agree_at=4)
    report = run(config, studio)
    assert (report.adjudicated, report.raised, report.reasons) == (1, 0, {"disagreement": 1})
    (review,) = studio.queue().values()
    assert review["data"]["sent_because"] == "annotators do not agree"
    assert len(review["data"]["answers"]) == 4
    studio.decide("shared", decision="approve", best=0)
    report = run(config, studio)
    assert (report.disputed, report.passed) == (0, 1)


def test_where_most_agree_nobody_more_is_asked(tmp_path: Path) -> None:
    report = run(reviewing(tmp_path), shared("established", "established", "speculative"))
    assert (report.disputed, report.raised) == (0, 0)


def reviewed_work(config: Config, studio: ReviewStudio, number: int, right: Sequence[bool]) -> None:
    """Annotator 4 answers so many tasks, of which the first are reviewed."""
    for each in range(number):
        studio.answer(f"Answer {each}.", by=4, name=f"t{each}")
    run(config, studio)
    for each, is_right in enumerate(right):
        if is_right:
            studio.decide(f"t{each}", decision="approve", best=0)
        else:
            studio.decide(f"t{each}", decision="reject", reason="Wrong.")


def test_somebody_who_guesses_is_flagged_and_all_of_theirs_is_reviewed(tmp_path: Path) -> None:
    studio, config = ReviewStudio(), reviewing(tmp_path, first_tasks=8)
    reviewed_work(config, studio, 12, [True, False, False, True, False, False, True, False])
    assert studio.queue().keys() == {f"t{n}" for n in range(8)}
    report = run(config, studio)
    assert report.flagged == (4,)
    assert report.reasons == {"flagged annotator": 4}
    assert studio.queue().keys() == {f"t{n}" for n in range(12)}
    person = people(config)[4]
    assert (person.state, person.reviewed.agreed, person.reviewed.of) == ("flagged", 3, 8)
    assert person.flagged_at is not None
    said_so = "\n".join(sentences(report))
    assert "Annotator 4: 3 of 8 answers whose truth is known agree with it" in said_so
    # a review must not tell who wrote what
    assert studio.queue()["t11"]["data"]["sent_because"] == "a routine look"


def test_somebody_new_goes_on_until_they_are_qualified(tmp_path: Path) -> None:
    studio, config = ReviewStudio(), reviewing(tmp_path, first_tasks=4)
    reviewed_work(config, studio, 30, [True] * 4)
    report = run(config, studio)
    assert report.reasons == {"new annotator": 4}
    assert people(config)[4].state == "new"
    for each in range(4, 8):
        studio.decide(f"t{each}", decision="approve", best=0)
    report = run(config, studio)
    assert (people(config)[4].state, report.reasons) == ("qualified", {})


def gold(tmp_path: Path, **settings: Any) -> tuple[Config, ReviewStudio]:
    """Five approved tasks of annotator 1, and ten answers of annotator 2 since."""
    studio, config = ReviewStudio(), reviewing(tmp_path, first_tasks=5, gold=0.25, **settings)
    for each in range(5):
        task_id = studio.answer("", by=1, name=f"g{each}")
        studio.project().edit(task_id, said())
    run(config, studio)
    for each in range(5):
        studio.decide(f"g{each}", decision="approve", best=0)
    # the queue's clock is its own
    studio.project().wait(3600)
    for each in range(10):
        studio.answer("Something.", by=2, name=f"n{each}")
    return config, studio


def test_gold_is_slipped_in_and_measures_whoever_gets_it(tmp_path: Path) -> None:
    config, studio = gold(tmp_path)
    report = run(config, studio)
    assert (report.gold, report.raised) == (2, 2)
    asked = sorted(studio.overlaps)
    main = studio.project()
    assert [main.tasks[each]["data"]["labeltune_id"] for each in asked] == ["g0", "g1"]
    assert set(studio.overlaps.values()) == {2}
    assert run(config, studio).raised == 0

    main.annotate(asked[0], said(), completed_by=2)
    main.annotate(asked[1], said("speculative"), completed_by=2)
    before = people(config)[1]
    report = run(config, studio)
    measured = people(config)[2].gold
    assert (measured.agreed, measured.of) == (1, 2)
    assert people(config)[1].gold == before.gold
    # the truth goes on counting, and nobody looks at the task again
    assert (report.passed, report.disputed) == (5, 0)
    assert "g0" not in {each["data"]["reviewed_id"] for each in _open(studio)}


@pytest.mark.parametrize("after", [False, True])
def test_killed_while_tasks_are_handed_out_nothing_is_lost(tmp_path: Path, after: bool) -> None:
    whole, wanted = gold(tmp_path / "whole")
    run(whole, wanted)
    assert len(wanted.overlaps) == 2  # the last changes of a run
    for number in (wanted.writes - 1, wanted.writes):
        config, studio = gold(tmp_path / f"{number}")
        studio.dies_at = (number, after)
        with pytest.raises(Killed):
            run(config, studio)
        studio.dies_at = None
        run(config, studio)
        assert studio.overlaps == wanted.overlaps
        assert run(config, studio).raised == 0


def _open(studio: ReviewStudio) -> list[dict[str, Any]]:
    return [task for task in studio.queue().values() if not task["annotations"]]


def test_words_are_compared_by_what_they_mean(tmp_path: Path) -> None:
    config, studio = gold(tmp_path)
    run(config, studio)
    near, far = sorted(studio.overlaps)
    studio.project().annotate(near, said(text="No fee is taken."), completed_by=2)
    studio.project().annotate(far, said(text="Ask the branch."), completed_by=2)
    embedded: list[str] = []

    class Meanings:
        def encode(self, texts: list[str]) -> Any:
            embedded.extend(texts)
            known = {"It is free.": (1, 0), "No fee is taken.": (0.9, 0.436)}
            return np.array([known.get(text, (0, 1)) for text in texts], np.float32)

    report: ReviewReport = run(config, studio, TextEmbedding(load=lambda _: Meanings()))
    assert report.project == "Support answers"
    assert sorted(embedded) == ["Ask the branch.", "It is free.", "No fee is taken."]
    found = people(config)[2].gold
    assert (found.agreed, found.of) == (1, 2)


def test_without_an_embedding_model_the_queue_is_filled_all_the_same(
    tmp_path: Path,
) -> None:
    config, studio = gold(tmp_path)
    run(config, studio)
    near, _ = sorted(studio.overlaps)
    studio.project().annotate(near, said(text="No fee is taken."), completed_by=2)

    def missing(name: str) -> Any:
        raise MissingExtraError("the extra 'embedding' is not installed")

    report = run(config, studio, TextEmbedding(load=missing))
    assert report.passed == 5
    assert any("nobody is judged" in note for note in report.notes)
