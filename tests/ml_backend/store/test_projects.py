"""What is known of projects, as several processes see it."""

from pathlib import Path

import pytest

from drafting.draft_version import model_version
from drafting.project_settings import LLMSettings, Price, ProjectSettings
from ml_backend.store import queues
from ml_backend.store.marks import Marks
from ml_backend.store.projects import ANNOUNCED_S, Projects
from tests.ml_backend.stores import IN_EITHER_STORE
from tests.ml_backend.workers import PassTime

pytestmark = IN_EITHER_STORE


@pytest.fixture
def processes(queue_path: Path | str) -> list[Projects]:
    """Two processes on one queue."""
    opened = [queues.open_queue(queue_path) for _ in range(2)]
    return [Projects(huey, Marks(huey)) for huey in opened]


def test_settings_of_each_project(processes: list[Projects]) -> None:
    web, worker = processes
    one = ProjectSettings(guidelines="a", llm=LLMSettings(prices={"m": Price(input=1, output=2)}))
    other = ProjectSettings(interface="reasoning_steps", categories=("card", "transfer"))
    web.remember(1, ProjectSettings())
    web.remember(1, one)
    web.remember(11, other)
    assert [worker.settings(i) for i in (1, 11, 2, 1)] == [one, other, None, one]
    assert worker.ids() == [1, 11]


def test_which_version_a_project_has_moved_on_from(processes: list[Projects]) -> None:
    web, worker = processes
    older, newer = ProjectSettings(), ProjectSettings(guidelines="Be long.")
    assert not worker.is_outdated(1, model_version(older))
    web.remember(1, older)
    assert not worker.is_outdated(1, model_version(older))
    web.remember(1, newer)
    assert worker.is_outdated(1, model_version(older))
    assert not worker.is_outdated(1, model_version(newer))


def test_a_change_that_makes_no_other_version_is_kept_too(processes: list[Projects]) -> None:
    """A budget that was raised, or a key's new address, must count at once."""
    web, worker = processes
    poor = ProjectSettings(llm=LLMSettings(budget=1.0))
    rich = ProjectSettings(llm=LLMSettings(budget=2.0))
    assert model_version(poor) == model_version(rich)
    web.remember(1, poor)
    web.remember(1, rich)
    known = worker.settings(1)
    assert known is not None
    assert known.llm.budget == 2.0


def test_a_burst_announces_work_once_until_it_starts(processes: list[Projects]) -> None:
    web, worker = processes
    assert [p.announce("sweep", 1) for p in (web, worker, web)] == [True, False, False]
    assert worker.announce("sweep", 2)
    assert worker.announce("delivery", 1)
    worker.started("sweep", 1)
    assert web.announce("sweep", 1)
    assert not web.announce("sweep", 2)


def test_an_announced_job_that_got_lost_can_be_announced_again(
    processes: list[Projects], pass_time: PassTime
) -> None:
    web, worker = processes
    assert web.announce("sweep", 1)
    assert not worker.announce("sweep", 1)
    pass_time(ANNOUNCED_S)
    assert worker.announce("sweep", 1)


def test_what_is_due_is_due_for_one(processes: list[Projects], pass_time: PassTime) -> None:
    web, worker = processes
    assert web.is_due("sweep", 10)
    assert not worker.is_due("sweep", 10)
    assert worker.is_due("prune", 10)
    pass_time(10)
    assert worker.is_due("sweep", 60)
    assert not web.is_due("sweep", 60)


def test_a_project_at_rest_says_why_and_goes_on(
    processes: list[Projects], pass_time: PassTime
) -> None:
    web, worker = processes
    for project_id in (1, 2):
        worker.remember(project_id, ProjectSettings())
    worker.stop(1, "the key is refused", 60)
    worker.stop(2, "the budget is spent", 10)
    assert [web.stopped(i) for i in (1, 2, 3)] == [
        "the key is refused",
        "the budget is spent",
        None,
    ]
    pass_time(10)
    assert [web.stopped(i) for i in (1, 2)] == ["the key is refused", None]
    worker.go_on()
    assert web.stopped(1) is None


def test_facts(processes: list[Projects]) -> None:
    web, worker = processes
    assert web.facts("m") == {}
    worker.remember_facts("m", {"logprobs": False, "n": 1})
    worker.remember_facts("other", {"n": 16})
    assert web.facts("m") == {"logprobs": False, "n": 1}
