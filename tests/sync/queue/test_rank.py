"""What `labeltune rank` sends, beside a Label Studio in memory."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.errors import LabelStudioError
from label_configs.draft_meta import with_acceptance
from label_configs.queue_fields import ACCEPTANCE, QUEUE_AUDIT, QUEUE_FIELDS, QUEUE_NOTE
from sync.common.errors import SyncError
from sync.queue.audit import choose_audits
from sync.queue.missing_first import reorder
from sync.queue.stored_scores import SCORES
from sync.table.data_folder import data_folder
from tests.sync.coverage.planted import configured
from tests.sync.fakes import PROJECT_ID
from tests.sync.queue.studio import WORDS, QueuedStudio, planted_studio, ranked, settings_of, silent


def told(studio: QueuedStudio, task_id: int) -> dict[str, Any]:
    """What a task says of its place."""
    data = studio.tasks[task_id]["data"]
    return {name: data[name] for name in QUEUE_FIELDS if name in data}


def test_scores_that_are_right_are_not_sent(tmp_path: Path) -> None:
    studio = planted_studio(0.2, 0.6, 0.9)
    report = ranked(studio, settings_of(tmp_path, notes=0))
    assert (report.waiting, report.written, report.noted, report.requests) == (3, 0, 0, 0)
    assert (studio.written, report.reasons["draft"]) == ([], 3)
    assert not report.learnt


def test_tasks_ahead_say_why_they_come(tmp_path: Path) -> None:
    studio = planted_studio(0.2, 0.6, 0.9)
    least, more, _ = studio.order()
    report = ranked(studio, settings_of(tmp_path, notes=2))
    assert (report.noted, report.written) == (2, 0)
    assert told(studio, least) == {
        ACCEPTANCE: pytest.approx(0.2, abs=0.01),
        QUEUE_NOTE: "The model is unsure of this draft",
    }
    assert told(studio, more) == {ACCEPTANCE: pytest.approx(0.6, abs=0.01)}
    again = ranked(studio, settings_of(tmp_path, notes=2))
    assert (again.noted, again.written, again.requests) == (0, 0, 0)


def test_a_dry_run_sends_nothing_and_says_what_it_would(tmp_path: Path) -> None:
    studio = planted_studio(0.2, 0.6)
    studio.draft("alpha0 about alpha0", 0.1, {"agreement": 0.1})
    report = ranked(studio, settings_of(tmp_path), dry_run=True)
    assert (report.dry_run, report.written, report.noted) == (True, 1, 3)
    assert studio.written == []
    assert data_folder(settings_of(tmp_path)).read(SCORES) is None


def test_near_copies_go_back(tmp_path: Path) -> None:
    """Of waiting tasks the least certain stays; what is like a finished one goes back as well."""
    studio = planted_studio(0.9)
    finished = studio.draft("how do I freeze a card", 0.8, {"agreement": 0.8})
    studio.finish(finished)
    like_it = studio.draft("how do I freeze a card !", 0.1, {"agreement": 0.1})
    first = studio.draft("where is my parcel now", 0.3, {"agreement": 0.3})
    second = studio.draft("where is my parcel", 0.4, {"agreement": 0.4})
    other = studio.draft("where is my parcel", 0.2, {"agreement": 0.2}, documents=[
        {"title": "Parcel", "text": "It is at sea."}
    ])  # fmt: skip
    report = ranked(studio, settings_of(tmp_path, near_duplicates=0.8))
    assert report.reasons["repeat"] == 2
    assert studio.order()[:2] == [other, first]
    assert studio.order()[-2:] == [like_it, second]
    assert told(studio, second) == {
        ACCEPTANCE: pytest.approx(0.4, abs=0.01),
        QUEUE_NOTE: "Much like a task that is done, or that comes earlier",
    }
    studio.finish(first)
    assert ranked(studio, settings_of(tmp_path, near_duplicates=0.8)).reasons["repeat"] == 2
    report = ranked(studio, settings_of(tmp_path, near_duplicates=False))
    assert (report.restored, studio.order()[0]) == (2, like_it)
    assert told(studio, like_it)[QUEUE_NOTE] == "The model is unsure of this draft"


def test_an_answer_in_doubt_sends_nothing_back(tmp_path: Path) -> None:
    studio = planted_studio(0.9)
    finished = studio.draft("how do I freeze a card", 0.8, {"agreement": 0.8})
    studio.finish(finished)
    (annotation,) = studio.tasks[finished]["annotations"]
    like_it = studio.draft("how do I freeze a card", 0.1, {"agreement": 0.1})
    finding = {"task_id": finished, "annotation_id": annotation["id"], "severity": "error"}
    config = settings_of(tmp_path)
    data_folder(config).write("findings.jsonl", json.dumps({**finding, "score": 0.1}) + "\n")
    assert ranked(studio, config).reasons["repeat"] == 0
    assert studio.order()[0] == like_it


def test_what_is_in_doubt_and_still_open_comes_first(tmp_path: Path) -> None:
    """Of two annotators one has answered, and `check` found something about it."""
    studio = planted_studio(0.3, 0.4)
    begun = studio.draft("how do I freeze a card", 0.8, {"agreement": 0.8})
    studio.finish(begun)
    (annotation,) = studio.tasks[begun]["annotations"]
    finding = {"task_id": begun, "annotation_id": annotation["id"], "severity": "error"}
    config = settings_of(tmp_path)
    twice = config.label_studio.model_copy(update={"overlap": 2})
    config = config.model_copy(update={"label_studio": twice})
    data_folder(config).write("findings.jsonl", json.dumps({**finding, "score": 0.1}) + "\n")
    report = ranked(studio, config)
    assert report.reasons["doubt"] == 1
    assert studio.score(begun) == pytest.approx(0.08, abs=0.005)
    assert told(studio, begun)[QUEUE_NOTE] == "Another answer to this task is in doubt"


def test_a_task_that_lacks_its_second_answer_repeats_nothing(tmp_path: Path) -> None:
    """Least of all itself: its first answer asks nobody to look for another task."""
    studio = planted_studio(0.3, 0.4)
    begun = studio.draft("how do I freeze a card", 0.8, {"agreement": 0.8})
    studio.finish(begun)
    like_it = studio.draft("how do I freeze a card", 0.1, {"agreement": 0.1})
    config = settings_of(tmp_path)
    twice = config.label_studio.model_copy(update={"overlap": 2})
    report = ranked(studio, config.model_copy(update={"label_studio": twice}))
    assert report.reasons["repeat"] == 1
    assert QUEUE_NOTE not in told(studio, begun)
    assert studio.score(begun) == pytest.approx(0.8, abs=0.005)
    assert told(studio, like_it)[QUEUE_NOTE].startswith("Much like a task that is done")
    assert studio.score(like_it) > 0.9


def test_audits_are_marked_spread_and_told_nothing_of(tmp_path: Path) -> None:
    studio = planted_studio(*[number / 100 for number in range(10, 90)])
    report = ranked(studio, settings_of(tmp_path, audit=0.2))
    chosen = choose_audits(PROJECT_ID, studio.tasks, 0.2)
    marked = {i for i, task in studio.tasks.items() if task["data"].get(QUEUE_AUDIT)}
    assert marked == set(chosen)
    assert report.reasons["audit"] == len(chosen) > 5
    order = studio.order()
    assert [task_id for task_id in order if task_id in marked] == chosen
    step = len(order) / len(chosen)
    places = [order.index(task_id) for task_id in chosen]
    assert all(abs(place - step * (i + 0.5)) <= 1.5 for i, place in enumerate(places))
    assert not any(QUEUE_NOTE in told(studio, task_id) for task_id in chosen)
    ranked(studio, settings_of(tmp_path))
    assert not any(task["data"].get(QUEUE_AUDIT) for task in studio.tasks.values())
    assert studio.order() == sorted(studio.tasks)


def test_a_draft_without_signals_keeps_its_score(tmp_path: Path) -> None:
    studio = planted_studio(0.3)
    old = studio.draft("how do I freeze a card", 0.123456)
    report = ranked(studio, settings_of(tmp_path))
    assert (report.without_signals, report.written, studio.score(old)) == (1, 0, 0.123456)


def test_a_task_without_a_draft_is_counted(tmp_path: Path) -> None:
    studio = planted_studio(0.3)
    studio.add()
    report = ranked(studio, settings_of(tmp_path))
    assert (report.waiting, report.undrafted) == (1, 1)


def test_what_experts_did_is_learnt_and_only_what_changed_is_sent(tmp_path: Path) -> None:
    """The backend's scores are as good as a coin; another signal tells it all."""
    studio = QueuedStudio()
    for number in range(160):
        good = number % 2 == 0
        signals = {"agreement": 0.5 + number % 7 / 20, "sample_support": 0.9 if good else 0.1}
        word = f"{WORDS[number % 10]}{number}"
        task_id = studio.draft(f"{word} or {word}{word}", 0.5, signals)
        if number < 140:
            studio.finish(task_id, changed=not good)
    report = ranked(studio, settings_of(tmp_path, near_duplicates=False))
    assert (report.learnt, report.judged, report.accepted) == (True, 140, 70)
    doubtful = set(studio.order()[:10])
    support = [studio.tasks[i]["predictions"][0]["result"][0]["meta"] for i in doubtful]
    assert all(meta["labeltune"]["signals"]["sample_support"] == 0.1 for meta in support)
    assert ranked(studio, settings_of(tmp_path, near_duplicates=False)).written == 0


def test_a_draft_that_came_meanwhile_is_left_alone(tmp_path: Path) -> None:
    """The backend deletes one and adds another between the pull and the writing."""
    studio = planted_studio(0.5)
    studio.draft("where is my parcel", 0.3, {"agreement": 0.3})
    second = studio.draft("where is my parcel", 0.4, {"agreement": 0.4})
    config = settings_of(tmp_path, notes=0)
    ranked(studio, config, dry_run=True)
    (old,) = studio.tasks[second]["predictions"]
    sent = studio.update_prediction

    def redraft(prediction_id: int, fields: Any) -> None:
        if prediction_id == old["id"]:
            studio.draft_again(second)
        sent(prediction_id, fields)

    studio.update_prediction = redraft  # type: ignore[method-assign]
    assert ranked(studio, config).written == 0
    assert studio.score(second) == 0.25


@settings(max_examples=10)
@given(lasts=st.lists(st.integers(0, 12), max_size=4))
def test_wherever_it_is_cut_short_the_next_run_makes_up_for_it(
    tmp_path_factory: pytest.TempPathFactory, lasts: list[int]
) -> None:
    """Failures after any number of writes; then one run, and then one without any reasons."""
    folder = tmp_path_factory.mktemp("rank")
    studio = planted_studio(0.2, 0.3, 0.5, 0.6, 0.8)
    studio.draft("where is my parcel", 0.31)
    studio.draft("where is my parcel", 0.41)
    own = {task_id: studio.score(task_id) for task_id in studio.tasks}
    whole = planted_studio(0.2, 0.3, 0.5, 0.6, 0.8)
    whole.draft("where is my parcel", 0.31)
    whole.draft("where is my parcel", 0.41)
    ranked(whole, settings_of(tmp_path_factory.mktemp("whole"), audit=0.3))
    for number in lasts:
        studio.lasts = len(studio.written) + number
        try:
            ranked(studio, settings_of(folder, audit=0.3))
        except LabelStudioError:
            continue
    studio.lasts = 10**6
    ranked(studio, settings_of(folder, audit=0.3))
    assert [studio.score(i) for i in studio.tasks] == [whole.score(i) for i in whole.tasks]
    assert [told(studio, i) for i in studio.tasks] == [told(whole, i) for i in whole.tasks]
    ranked(studio, settings_of(folder, near_duplicates=False))
    now = {task_id: studio.score(task_id) for task_id in studio.tasks}
    assert now == pytest.approx(own, abs=0.02)


def test_two_at_once_are_refused(tmp_path: Path) -> None:
    studio, config = planted_studio(0.5), settings_of(tmp_path)
    with (
        data_folder(config).only_one("rank"),
        pytest.raises(SyncError, match="another `labeltune rank`"),
    ):
        ranked(studio, config)
    assert studio.written == []


def test_what_ranking_has_left_gaps_leaves_as_well(tmp_path: Path) -> None:
    """A score that is near enough is not sent by who compares exactly."""
    wanted = '[[targets.cells]]\ntopic = "fees"\ncount = 1\n'
    config = configured(tmp_path, wanted)
    quiet = config.queue.model_copy(update={"audit": 0.0, "notes": 0})
    update = {"queue": quiet, "api_key": "0" * 40}
    studio = planted_studio(0.2, 0.6, 0.9)
    studio.title = config.label_studio.project
    # twice, since the first run puts on record what it sends, and the second what it leaves
    for score in (0.5, 0.51):
        for task in studio.tasks.values():
            (draft,) = task["predictions"]
            draft["result"] = with_acceptance(draft["result"], score, {"agreement": score})
            studio.touch(task["id"])
        ranked(studio, config.model_copy(update=update))
    sent = len(studio.written)
    _, report = reorder(config.model_copy(update=update), studio, silent, silent)
    assert (report.written, len(studio.written) - sent) == (0, 0)
