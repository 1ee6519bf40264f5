"""The order of a project's drafts reaches two and three people who label at once.

Label Studio hands each of them the first task of the order that has a place left. Everything runs
through the request that "Label All Tasks" sends, with its real locks.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

import label_configs
from connectors.task_pages import Json
from label_configs.chat_response import ChatResponse
from label_configs.queue_fields import QUEUE_NOTE
from sync.intake.services.task_stream import RANKED, order_faults
from tests.e2e.annotators import Annotator, sign_up
from tests.running import Up

pytestmark = pytest.mark.label_studio

INTERFACE = label_configs.load("chat_response")
VERSION = "v1"
NOTE = "Few answers about fees so far"


@pytest.fixture(scope="module")
def people(up: Up) -> Iterator[list[Annotator]]:
    """Three annotators."""
    found = [sign_up(up, name) for name in ("ada", "ben", "cleo")]
    yield found
    for each in found:
        each.http.close()


class Stream:
    """A project with a draft a task, as a push sets it up.

    Attributes:
        tasks: ids, in the order of the drafts' scores; these run against the ids.
        overlap: annotators a task.
    """

    def __init__(self, up: Up, size: int, overlap: int = 1, undrafted: int = 0) -> None:
        self.client, self.overlap = up.label_studio, overlap
        settings = {
            "title": "Stream",
            "label_config": INTERFACE.label_config(),
            "sampling": RANKED,
            "maximum_annotations": overlap,
            "show_overlap_first": False,
            "show_collab_predictions": True,
        }
        self.project_id = int(self.client.create_project(settings)["id"])
        said = [[{"role": "user", "content": f"Question {n}?"}] for n in range(size + undrafted)]
        data = [{"data": INTERFACE.complete_task({"messages": each})} for each in said]
        data[size - 1]["data"][QUEUE_NOTE] = NOTE
        self.client.import_tasks(self.project_id, data)
        pages = self.client.task_pages(self.project_id, include=("id",))
        ids = sorted(int(task["id"]) for page in pages for task in page.tasks)
        self.tasks = ids[:size][::-1]
        self.undrafted = ids[size:]
        drafts = [self._draft(task, place / size) for place, task in enumerate(self.tasks)]
        assert self.client.import_predictions(self.project_id, drafts) == size
        project = self.client.update_project(self.project_id, {"model_version": VERSION})
        assert order_faults(project, VERSION) == ()

    def draft(self, task_id: int, score: float) -> None:
        """A draft comes while people work."""
        draft = self._draft(task_id, score)
        self.client.create_prediction({**draft, "project": self.project_id})

    def score(self, task_id: int, score: float) -> None:
        """A task moves to another place."""
        self.client.update_prediction(self._draft_of(task_id)["id"], {"score": score})

    def scores(self) -> dict[int, float]:
        """Each drafted task's."""
        return {int(draft["task"]): float(draft["score"]) for draft in self._drafts()}

    def _draft_of(self, task_id: int) -> Json:
        (found,) = (draft for draft in self._drafts() if draft["task"] == task_id)
        return found

    def _drafts(self) -> list[Json]:
        pages = self.client.task_pages(self.project_id, include=("id", "predictions"))
        return [draft for page in pages for task in page.tasks for draft in task["predictions"]]

    def _draft(self, task_id: int, score: float) -> Json:
        result = INTERFACE.encode(ChatResponse(response="Yes."))
        return {"task": task_id, "result": result, "score": score, "model_version": VERSION}


RESULT = INTERFACE.encode(ChatResponse(response="Yes.", verdict="accept"))


@pytest.fixture
def stream(up: Up, request: pytest.FixtureRequest) -> Iterator[Stream]:
    """By `(tasks, annotators a task, tasks without a draft)`."""
    made = Stream(up, *request.param)
    yield made
    made.client.delete_project(made.project_id)


@pytest.mark.parametrize("stream", [(9, 1, 1)], indirect=True)
def test_three_people_each_get_the_first_task_that_is_free(
    stream: Stream, people: list[Annotator]
) -> None:
    ada, ben, cleo = people
    first, second, third, fourth, fifth, *_, last = stream.tasks
    project = stream.project_id
    assert [each.following(project) for each in people] == [first, second, third]
    assert ada.following(project) == first, "what is open stays"
    ada.submit(first, RESULT)
    assert ada.following(project) == fourth
    # a task that somebody skips is for the others, at its place
    ben.skip(second)
    assert ben.following(project) == fifth
    cleo.submit(third, RESULT)
    assert cleo.following(project) == second
    # the order changes while all of them have a task open
    stream.score(last, -0.5)
    assert ada.following(project) == fourth
    ada.submit(fourth, RESULT)
    assert ada.following(project) == last
    # a draft comes
    stream.draft(stream.undrafted[0], -0.4)
    ben.submit(fifth, RESULT)
    assert ben.following(project) == stream.undrafted[0]


@pytest.mark.parametrize("stream", [(4, 2)], indirect=True)
def test_two_of_three_people_share_each_task(stream: Stream, people: list[Annotator]) -> None:
    ada, ben, cleo = people
    first, second, third, _ = stream.tasks
    project = stream.project_id
    assert [each.following(project) for each in people] == [first, first, second]
    ada.submit(first, RESULT)
    cleo.submit(second, RESULT)
    # what somebody has finished gets its second answer first, wherever it stands by now
    stream.score(second, 0.9)
    assert ada.following(project) == second
    # nobody is third at a task, and nobody gets one again
    ben.submit(first, RESULT)
    assert ben.following(project) == third
    assert cleo.following(project) == third


@pytest.mark.browser
@pytest.mark.parametrize("stream", [(3,)], indirect=True)
def test_label_all_tasks_shows_the_first_and_why_it_comes(
    stream: Stream, up: Up, page: Page
) -> None:
    """The task after it has no reason of its own, and lacks the field."""
    page.goto(f"{up.label_studio_url}/projects/{stream.project_id}/data")
    page.get_by_role("button", name="Label All Tasks").click()
    why = page.locator(".lt-why")
    expect(why).to_have_text(NOTE, timeout=60_000)
    expect(page.locator(".lt-conversation")).to_contain_text("Question 2?")
    page.locator("label:has(input[name='accept'])").click()
    page.get_by_test_id("bottombar-submit-button").click()
    expect(page.locator(".lt-conversation")).to_contain_text("Question 1?", timeout=60_000)
    expect(why).to_have_text("")
    assert why.evaluate("each => each.getBoundingClientRect().height") == 0
