"""How far drafting is: what is counted where, with few requests, and what keeps tasks waiting."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from connectors.errors import LabelStudioError
from sync.intake.services.drafting_progress import DraftingProgress, ProgressReader
from sync.settings import Config
from tests.sync.builders import config_in
from tests.sync.fakes import PROJECT_ID, FakeLabelStudio, Json


@dataclass
class Backend:
    """A backend that says this of itself; None is one that is down.

    Attributes:
        asked: the paths, with their query.
    """

    says: dict[str, Any] | None = field(default_factory=lambda: state())
    events: int = 0
    asked: list[str] = field(default_factory=list)

    def __call__(self, url: str, authorization: str | None) -> httpx.Response:
        path = url.rpartition("/")[2]
        self.asked.append(path)
        if self.says is None:
            raise httpx.ConnectError("Connection refused")
        if path.startswith("events"):
            return httpx.Response(200, json={"events": {str(PROJECT_ID): self.events}})
        return httpx.Response(200, json=self.says)


def state(
    drafted: int = 0, project: int = PROJECT_ID, alive: bool = True, **more: Any
) -> dict[str, Any]:
    """What `/status` says."""
    mine = {"id": project, "counts": {"delivered": drafted}, "refining": more.pop("refining", 0)}
    mine["at_rest"] = more.pop("at_rest", None)
    return {"projects": [mine], "workers": [{"alive": alive}], "undrafted": [], "errors": []} | more


@dataclass
class Clock:
    at: float = 0.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return config_in(tmp_path)


@pytest.fixture
def tasks() -> FakeLabelStudio:
    """Six tasks: two with several drafts, one of them annotated, and one annotated without."""
    client = FakeLabelStudio()
    ids = [client.add() for _ in range(6)]
    for each in ids[:2]:
        client.predict(each)
        client.predict(each)
    client.annotate(ids[0])
    client.annotate(ids[5])
    return client


def test_tasks_are_counted_not_predictions(config: Config, tasks: FakeLabelStudio) -> None:
    found = ProgressReader(config, tasks, Backend()).look()
    assert found == DraftingProgress(tasks=6, drafted=2, annotated=2, waiting=3)
    assert found.to_draft == 3
    assert list(found.troubles()) == []


def test_no_project_is_no_progress(config: Config) -> None:
    assert ProgressReader(config, FakeLabelStudio("Another"), Backend()).look() is None


def test_label_studio_is_asked_only_when_something_has_happened(
    config: Config, tasks: FakeLabelStudio
) -> None:
    backend, clock = Backend(), Clock()
    reader = ProgressReader(config, tasks, backend, clock=clock)
    reader.look()
    asked = len(tasks.history)
    assert asked == 5  # the project, and four counts
    for clock.at in range(2, 30, 2):
        reader.look()
    assert len(tasks.history) == asked
    tasks.predict(tasks.add())
    backend.says = state(drafted=3)
    found = reader.look()
    assert found is not None
    assert (found.tasks, found.drafted) == (7, 3)
    assert len(tasks.history) == asked + 4


def test_annotations_are_heard_of_and_what_was_missed_is_found(
    config: Config, tasks: FakeLabelStudio
) -> None:
    backend, clock = Backend(), Clock()
    reader = ProgressReader(config, tasks, backend, clock=clock)
    reader.look()
    tasks.annotate(tasks.add())
    backend.events += 1
    heard = reader.look()
    assert heard is not None
    assert heard.annotated == 3
    tasks.annotate(tasks.add())
    unheard = reader.look()
    clock.at = 31
    found = reader.look()
    assert unheard is not None
    assert found is not None
    assert (unheard.annotated, found.annotated) == (3, 4)


def test_without_the_backend_label_studio_is_asked_each_time(
    config: Config, tasks: FakeLabelStudio
) -> None:
    backend = Backend(None)
    reader = ProgressReader(config, tasks, backend)
    found = reader.look()
    assert found is not None
    assert (found.drafted, found.backend_up) == (2, False)
    assert list(found.troubles()) == ["the backend does not answer"]
    tasks.predict(tasks.add())
    again = reader.look()
    assert again is not None
    assert again.drafted == 3
    backend.says = state()
    back = reader.look()
    assert back is not None
    assert back.backend_up


@pytest.mark.parametrize("says", [{}, {"projects": None}, {"projects": [], "undrafted": [1]}])
def test_another_backend_says_nothing_of_ours(
    config: Config, tasks: FakeLabelStudio, says: dict[str, Any]
) -> None:
    found = ProgressReader(config, tasks, Backend(says)).look()
    assert found is not None
    assert not found.backend_up


def test_why_tasks_wait(config: Config, tasks: FakeLabelStudio) -> None:
    left = [{"project_id": PROJECT_ID, "task_id": n, "reason": "no reply fits"} for n in (3, 4)]
    others = [{"project_id": 99, "task_id": 1, "reason": "another project's"}]
    said = state(
        refining=7,
        at_rest="the budget of 5.0 is spent",
        undrafted=left + others,
        errors=[
            {"project_id": 0, "task_id": None, "said": "sweep put off"},
            {"project_id": PROJECT_ID, "task_id": 3, "said": "the model server is down"},
            {"project_id": PROJECT_ID, "task_id": 3, "said": "an older fault"},
        ],
    )
    found = ProgressReader(config, tasks, Backend(said)).look()
    assert found is not None
    assert found.failed == {"no reply fits": 2}
    assert (found.to_draft, found.refining) == (1, 7)
    assert found.put_off == "the model server is down"
    assert list(found.troubles()) == [
        "at rest: the budget of 5.0 is spent",
        "2 left undrafted: no reply fits",
    ]


def test_no_worker_drafts_nothing(config: Config, tasks: FakeLabelStudio) -> None:
    found = ProgressReader(config, tasks, Backend(state(alive=False))).look()
    assert found is not None
    assert found.at_rest == "no worker of the backend is alive"


class Restarting(FakeLabelStudio):
    """Away when told so; the project has another id after that."""

    away = False

    def find_project(self, title: str, include: Any = ()) -> Json | None:
        if self.away:
            raise LabelStudioError("can't be reached")
        return super().find_project(title, include)

    def task_pages(self, *args: Any, **named: Any) -> Any:
        if self.away:
            raise LabelStudioError("can't be reached")
        return super().task_pages(*args, **named)


def test_a_label_studio_that_comes_back_is_looked_up_anew(config: Config) -> None:
    client = Restarting()
    client.predict(client.add())
    backend = Backend()
    reader = ProgressReader(config, client, backend)
    assert reader.look() is not None
    client.away, backend.says = True, state(drafted=9)
    with pytest.raises(LabelStudioError):
        reader.look()
    client.away = False
    assert reader.look() is not None
    assert client.history.count("projects") == 2
