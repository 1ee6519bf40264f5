"""Ready is said when the first drafts are there, and never waited for in vain."""

import io
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest
from rich.console import Console

from connectors.errors import LabelStudioError
from sync.common.errors import StackError
from sync.intake.services.drafting_progress import DraftingProgress
from sync.stack.first_drafts import FIRST, LIMIT_S, follow, wait_for_first
from sync.stack.stages import Stages

Outcome = DraftingProgress | Exception | None


def drafted(count: int, tasks: int = 64, **more: object) -> DraftingProgress:
    return replace(DraftingProgress(tasks, count, 0, tasks - count), **more)


@dataclass
class Script:
    """What each look brings, the last for ever; time passes only while somebody waits."""

    outcomes: list[Outcome]
    at: float = 0.0
    looks: int = 0
    dies_at: float = float("inf")
    log: io.StringIO = field(default_factory=io.StringIO)

    def look(self) -> DraftingProgress | None:
        outcome = self.outcomes[min(self.looks, len(self.outcomes) - 1)]
        self.looks += 1
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def wait_for(self, seconds: float) -> None:
        self.at += seconds
        if self.at >= self.dies_at:
            raise StackError("the drafting worker has stopped")

    def wait(self) -> tuple[DraftingProgress | None, str]:
        stages = Stages(Console(file=self.log), lambda: self.at)
        found = wait_for_first(self.look, self.wait_for, stages, now=lambda: self.at)
        return found.progress, found.sentence()


def test_ready_comes_with_the_third_draft() -> None:
    script = Script([drafted(0), drafted(0), drafted(1), drafted(2), drafted(3)])
    assert script.wait() == (drafted(3), "3 of 64 tasks drafted")
    assert script.log.getvalue().splitlines() == [
        "Drafting the first tasks …",
        "Drafting the first tasks: 3 of 3, 4 s",
    ]


def test_fewer_tasks_are_waited_for_to_the_last() -> None:
    script = Script([drafted(0, 2), drafted(1, 2), drafted(2, 2)])
    assert script.wait()[1] == "2 of 2 tasks drafted"
    assert "2 of 2" in script.log.getvalue()


@pytest.mark.parametrize(
    "found",
    [None, drafted(0, 0), drafted(3), drafted(64), DraftingProgress(64, 1, 63, 0)],
    ids=["no project", "no tasks", "three drafts", "all drafts", "all else is annotated"],
)
def test_nothing_is_waited_for_where_a_person_can_begin(found: DraftingProgress | None) -> None:
    script = Script([found])
    assert script.wait()[0] == found
    assert (script.looks, script.at, script.log.getvalue()) == (1, 0.0, "")


def test_a_slow_model_is_waited_for_only_so_long() -> None:
    script = Script([drafted(1)])
    _, said = script.wait()
    assert said == "1 of 64 tasks drafted: no more came in 3 min, the model is slow here"
    assert script.at == LIMIT_S
    assert script.log.getvalue().splitlines() == [
        "Drafting the first tasks …",
        "Drafting the first tasks: 1 of 3, 3 min",
    ]
    assert "none came in 3 min" in Script([drafted(0)]).wait()[1]


@pytest.mark.parametrize(
    ("found", "why", "after_s"),
    [
        (drafted(0, at_rest="the budget of 5.0 is spent"), "at rest: the budget of 5.0 is", 15),
        (drafted(0, failed={"no reply fits": FIRST}), "3 left undrafted: no reply fits", 0),
        (drafted(0, 2, failed={"no reply fits": 2}), "2 left undrafted: no reply fits", 0),
        (drafted(0, put_off="the model server is down"), "the model server is down", LIMIT_S),
        (drafted(0, backend_up=False), "the backend does not answer", LIMIT_S),
    ],
    ids=["at rest", "first ones failed", "all failed", "put off", "no backend"],
)
def test_the_reason_is_told(found: DraftingProgress, why: str, after_s: float) -> None:
    script = Script([found])
    _, said = script.wait()
    assert why in said
    assert said.startswith("0 of ")
    assert script.at == after_s


def test_a_short_rest_is_outlived() -> None:
    script = Script([*[drafted(0, at_rest="asked to wait 5 s")] * 8, drafted(2), drafted(3)])
    assert script.wait()[1] == "3 of 64 tasks drafted"


def test_a_busy_label_studio_is_asked_again() -> None:
    script = Script(
        [LabelStudioError("no answer in time"), drafted(1), LabelStudioError("x"), drafted(3)]
    )
    assert script.wait()[0] == drafted(3)


def test_a_part_that_dies_ends_the_waiting() -> None:
    with pytest.raises(StackError, match="has stopped"):
        Script([drafted(0)], dies_at=5).wait()


def followed(script: Script, console: Console) -> str:
    follow(script.look, script.wait_for, console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def plain() -> Console:
    return Console(file=io.StringIO(), width=100)


def terminal() -> Console:
    return Console(file=io.StringIO(), width=100, force_terminal=True, _environ={"TERM": "xterm"})


@pytest.mark.parametrize("console", [plain, terminal])
def test_drafts_are_followed_to_the_last(console: Callable[[], Console]) -> None:
    script = Script([drafted(n) for n in (3, 20, 40, 64)])
    shown = followed(script, console())
    assert shown.endswith("All tasks are drafted.\n")
    assert shown.count("\n") <= 2  # a line that changes, no flood
    assert script.looks == 4


def test_what_failed_is_told_at_the_end() -> None:
    last = drafted(62, failed={"no reply fits": 2})
    shown = followed(Script([drafted(3), last]), plain())
    assert shown == "No further drafts for now: 2 left undrafted: no reply fits.\n"


def test_nothing_is_said_of_no_project() -> None:
    assert followed(Script([None]), plain()) == ""
    assert followed(Script([drafted(0, 0)]), plain()) == ""


def test_following_ends_when_a_part_dies() -> None:
    with pytest.raises(StackError, match="has stopped"):
        followed(Script([drafted(3)], dies_at=20), terminal())
