"""With `queue.learn`, tasks come first whose category would teach a classifier most."""

from pathlib import Path
from typing import Any

import pytest

from label_configs.queue_fields import QUEUE_NOTE
from sync.settings import Config, LabelStudioSection
from tests.sync.builders import result
from tests.sync.queue.studio import QueuedStudio, ranked, settings_of

TOPICS = {"topic": {"labels": ["cards", "fees"]}}


def learning(folder: Path, **queue: Any) -> Config:
    """A project that is to learn the topics of its tasks."""
    given = {"queue": {"audit": 0.0, "learn": "topic", **queue}, "categories": TOPICS}
    return Config.model_validate({**given, "folder": folder, "api_key": "0" * 40})


@pytest.fixture
def studio() -> QueuedStudio:
    """Finished tasks of both topics; waiting ones are clear but for one, whose draft is sure."""
    made = QueuedStudio()
    for word in ("stolen", "frozen", "lost"):
        for topic in ("cards", "fees"):
            about = {"topic": topic}
            made.finish(made.draft(f"{topic} {topic} {word}", 0.5, {}, categories=about))
    for number, word in enumerate(("red", "blue", "green", "white", "black")):
        topic = ("cards", "fees")[number % 2]
        made.draft(f"{topic} {topic} {word}", 0.3, {"agreement": 0.3})
    made.draft("cards fees", 0.9, {"agreement": 0.9})
    return made


def test_a_task_between_two_topics_comes_first_whatever_its_draft(
    studio: QueuedStudio, tmp_path: Path
) -> None:
    between = max(studio.order())
    assert ranked(studio, settings_of(tmp_path)).reasons["category"] == 0
    assert studio.order()[-1] == between
    report = ranked(studio, learning(tmp_path))
    assert report.reasons["category"] == 6
    assert studio.order()[0] == between
    said = studio.tasks[between]["data"][QUEUE_NOTE]
    assert said == "Few tasks like this one have a category so far"
    again = ranked(studio, learning(tmp_path))
    assert (again.written, again.noted) == (0, 0)


def test_audits_and_near_copies_keep_their_places(studio: QueuedStudio, tmp_path: Path) -> None:
    copy = studio.draft("cards cards lost", 0.1, {"agreement": 0.1})
    report = ranked(studio, learning(tmp_path))
    assert (report.reasons["repeat"], studio.order()[-1]) == (1, copy)
    report = ranked(studio, learning(tmp_path, audit=0.5, near_duplicates=False))
    assert report.reasons["audit"] > 0
    assert report.reasons["category"] == report.waiting - report.reasons["audit"]


def test_the_list_of_categories_on_the_page_can_be_learnt(tmp_path: Path) -> None:
    made = QueuedStudio()
    config = learning(tmp_path, learn="category")
    assert len(config.learnt_labels()) > 3
    config = config.model_copy(
        update={"label_studio": LabelStudioSection(categories=["cards", "fees"])}
    )
    for word in ("stolen", "frozen", "lost"):
        for topic in ("cards", "fees"):
            task_id = made.draft(f"{topic} {topic} {word}", 0.5, {"agreement": 0.5})
            made.annotate(task_id, result("Do it.", verdict="edit", category=topic))
    made.draft("cards cards red", 0.3, {"agreement": 0.3})
    between = made.draft("cards fees", 0.9, {"agreement": 0.9})
    assert ranked(made, config).reasons["category"] == 2
    assert made.order()[0] == between


def test_intents_can_be_learnt(tmp_path: Path) -> None:
    given = {"queue": {"learn": "intent"}, "label_studio": {"interface": "multi_intent"}}
    own = Config.model_validate({**given, "folder": tmp_path, "api_key": "0" * 40})
    assert len(own.learnt_labels()) > 3


def test_a_kind_that_is_not_there_is_refused(tmp_path: Path) -> None:
    found = r"queue.learn = 'topic' is no kind of category \(found 'category'\)"
    with pytest.raises(ValueError, match=found):
        settings_of(tmp_path, learn="topic")
