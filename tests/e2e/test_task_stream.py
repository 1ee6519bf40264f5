"""The order of a project's drafts reaches two and three people who label at once.

Label Studio hands each of them the first task of the order that has a place left. Everything runs
through the request that "Label All Tasks" sends, with its real locks.
"""

import random
import statistics
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Page, expect

import label_configs
from connectors.task_pages import Json
from label_configs.chat_response import ChatResponse
from label_configs.queue_fields import QUEUE_NOTE
from sync.intake.services.task_stream import RANKED, order_faults
from tests.e2e.annotators import Annotator
from tests.running import Up

pytestmark = pytest.mark.label_studio

INTERFACE = label_configs.load("chat_response")
VERSION = "v1"
NOTE = "Few answers about fees so far"


@pytest.fixture(scope="module")
def people(signed_up: Callable[[str], Annotator]) -> list[Annotator]:
    """Three annotators."""
    return [signed_up(name) for name in ("ada", "ben", "cleo")]


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


@dataclass
class Expected:
    """What Label Studio should hand out, by its own rules: `projects/functions/next_task.py`.

    Attributes:
        finished: who has finished which task, skipped ones not included.
        skipped: who has skipped which task.
        open: which task each person has open.
    """

    order: list[int]
    overlap: int
    finished: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    skipped: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    open: dict[str, int] = field(default_factory=dict)

    def next_for(self, name: str) -> set[int]:
        """The tasks of which one may come; empty: none."""
        waiting = [
            task
            for task in self.order
            if name not in self.finished[task] | self.skipped[task]
            and len(self.finished[task]) < self.overlap
        ]
        if self.open.get(name) in waiting:
            return {self.open[name]}
        free = [task for task in waiting if self._takers(task, name) < self.overlap]
        begun = {task: len(self.finished[task] | self.skipped[task]) for task in waiting}
        most = max(begun.values(), default=0)
        if self.overlap > 1 and most:
            first = {task for task in free if begun[task] == most}
            if first:
                return first
        return set(free[:1])

    def _takers(self, task: int, name: str) -> int:
        others = sum(held == task for who, held in self.open.items() if who != name)
        return others + len(self.finished[task])


@pytest.mark.thorough
@pytest.mark.parametrize("stream", [(40, 1), (40, 2)], indirect=True, ids=["one", "two"])
@pytest.mark.parametrize("team", [2, 3])
def test_whole_projects_come_in_the_order_of_their_scores(
    stream: Stream, people: list[Annotator], team: int
) -> None:
    """People work in any order, skip, and the queue is ordered anew meanwhile."""
    chance = random.Random(team)
    expected = Expected(list(stream.tasks), stream.overlap)
    given: Counter[tuple[str, int]] = Counter()
    out_of_work: set[str] = set()
    while len(out_of_work) < team:
        person = chance.choice(people[:team])
        possible = expected.next_for(person.name)
        task = person.following(stream.project_id)
        assert (task in possible) if possible else (task is None), (task, possible)
        if task is None:
            out_of_work.add(person.name)
            continue
        out_of_work.clear()
        expected.open[person.name] = task
        given[person.name, task] += 1
        if chance.random() < 0.2:
            continue  # looks up and asks again
        del expected.open[person.name]
        if chance.random() < 0.1:
            person.skip(task)
            expected.skipped[task].add(person.name)
        else:
            person.submit(task, RESULT)
            expected.finished[task].add(person.name)
        if chance.random() < 0.1:
            moved = chance.choice(expected.order)
            stream.score(moved, -chance.random())
            held = stream.scores()
            expected.order.sort(key=lambda task: held[task])
    assert all(len(expected.finished[task]) <= stream.overlap for task in stream.tasks)
    done = sum(len(who) == stream.overlap for who in expected.finished.values())
    assert done > 20


@pytest.mark.thorough
@pytest.mark.parametrize("stream", [(60, 1), (60, 2)], indirect=True, ids=["one", "two"])
def test_people_who_ask_at_the_same_moment(stream: Stream, people: list[Annotator]) -> None:
    """Each gets one of the first tasks that are free, and none twice.

    On SQLite, which locks no rows, two may be handed the same one: both asked in the tenth of a
    second in which Label Studio looks for it. So no more is asserted than that all is done.
    """
    done: dict[int, list[str]] = defaultdict(list)
    places: list[int] = []
    lock = threading.Lock()

    def work(person: Annotator) -> None:
        while True:
            with lock:
                open_before = [task for task in stream.tasks if person.name not in done[task]]
                open_before = [task for task in open_before if len(done[task]) < overlap]
            task = person.following(stream.project_id)
            if task is None:
                return
            with lock:
                places.append(open_before.index(task))
            person.submit(task, RESULT)
            with lock:
                done[task].append(person.name)

    overlap = stream.overlap
    with ThreadPoolExecutor(len(people)) as pool:
        list(pool.map(work, people))
    assert all(len(set(who)) == len(who) for who in done.values()), "nobody gets a task twice"
    assert sum(len(who) >= overlap for who in done.values()) >= len(stream.tasks) - len(people)
    # those that the others hold; more now and then, where others have handed in while one asked
    assert statistics.median(places) <= 2 * len(people) * overlap
