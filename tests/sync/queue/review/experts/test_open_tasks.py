"""What tables tell: which tasks wait in which order, what kind they are, who did something when."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import label_configs
from label_configs.review_place import PLACE, ReviewPlace
from sync.queue.review.experts.assign import Activity, OpenTask
from sync.queue.review.experts.kinds import KindReader
from sync.queue.review.experts.open_tasks import SharedProject, first_pass, second_pass
from sync.settings.categories import CategorySection
from sync.table.task_rows import TaskRow
from tests.sync.builders import START, annotation, config_in, drafted, task_row

CATEGORIES = {
    "topic": CategorySection(
        labels=("cards", "fees"), rules={"cards": ("card",)}, otherwise="fees"
    ),
    "complexity": CategorySection(labels=("straightforward", "nuanced")),
}
AT = datetime(2026, 11, 22, tzinfo=UTC)


def read(
    folder: Path, rows: list[TaskRow], tier: str | None = None, most: int = 50, **kinds: Any
) -> tuple[list[OpenTask], Activity]:
    config = config_in(folder).model_copy(update={"categories": CATEGORIES})
    project = SharedProject(7, lambda: rows, tier)
    (waiting,), activity = first_pass([project])
    listed = {name: section.labels for name, section in CATEGORIES.items()}
    interface = label_configs.load("chat_response", dimensions=listed)
    reader = KindReader(config, interface, **kinds)
    return second_pass(project, waiting, reader, most), activity


def asks(number: int, text: str, *made: Any, **data: Any) -> TaskRow:
    return task_row(number, *made, messages=[{"role": "user", "content": text}], **data)


def test_what_waits_comes_in_the_order_of_the_queue(tmp_path: Path) -> None:
    sure, unsure = drafted(1), drafted(2)
    object.__setattr__(sure, "score", 0.9)
    rows = [
        asks(1, "A card?", [], [sure]),
        asks(2, "A fee?", [], [unsure], assigned_to="ana@x.org", assigned_at=AT.isoformat()),
        asks(3, "Hm?"),
        asks(4, "A card?", [annotation(4)]),
        asks(5, "A card?", [annotation(5, was_cancelled=True, completed_by=8)], [drafted(5)]),
    ]
    found, activity = read(tmp_path, rows)
    assert [task.place for task in found] == [(7, 2), (7, 5), (7, 1), (7, 3)]
    assert (found[0].assigned_to, found[0].assigned_at) == ("ana@x.org", AT)
    assert [task.kind.labels for task in found][:3] == [
        (("topic", "fees"),),
        (("topic", "cards"),),
        (("topic", "cards"),),
    ]
    assert found[1].kind.barred == {8}
    assert activity.last == {1: START}
    assert [task.place[1] for task in read(tmp_path, rows, most=1)[0]] == [2, 5]


def test_a_draft_tells_what_kind_a_task_is(tmp_path: Path) -> None:
    (task,), _ = read(
        tmp_path, [asks(1, "A card?", [], [drafted(1)], categories={"complexity": "nuanced"})]
    )
    assert task.kind.complexity == 1


def test_the_language_is_told_only_where_it_matters(tmp_path: Path) -> None:
    row = asks(1, "Wie lange dauert es, bis meine neue Karte mit der Post bei mir ankommt?")
    ((without,), _), ((with_it,), _) = read(tmp_path, [row]), read(tmp_path, [row], languages=True)
    assert (without.kind.language, with_it.kind.language) == (None, "de")


def test_whose_task_was_passed_on(tmp_path: Path) -> None:
    told = [{"from": "ana@x.org", "at": (AT + timedelta(days=n)).isoformat()} for n in (0, 2, 1)]
    rows = [asks(n, "A card?", passed_on=each) for n, each in enumerate(told)]
    assert read(tmp_path, rows)[1].passed_on == {"ana@x.org": AT + timedelta(days=2)}


def test_a_review_that_only_its_author_has_decided_still_waits(tmp_path: Path) -> None:
    place = {PLACE: ReviewPlace("r", 0, "peer", frozenset({1})).to_data(), "reviewed_id": "t1"}
    rows = [
        asks(1, "A card?", [annotation(1, completed_by=1)], **place),
        asks(2, "A card?", [annotation(2, completed_by=2)], **place),
    ]
    (task,), _ = read(tmp_path, rows, "peer", known={"t1": {"category": "billing"}})
    assert task.place == (7, 1)
    assert (task.kind.tier, task.kind.barred) == ("peer", {1})
    assert ("category", "billing") in task.kind.labels
