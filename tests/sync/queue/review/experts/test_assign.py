"""Open tasks go to experts once, stay theirs, and are passed on when somebody does nothing."""

from datetime import UTC, datetime, timedelta
from typing import Any

from label_configs.queue_fields import ASSIGNED_AT, ASSIGNED_TO, PASSED_ON
from sync.queue.review.experts.assign import Activity, Assignments, OpenTask, assign
from sync.queue.review.experts.fit import Expert, TaskKind

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=20)
LATELY = NOW - timedelta(days=1)
CARDS, FEES = (TaskKind.of({"topic": label}, ()) for label in ("cards", "fees"))


def expert(name: str, user: int, *labels: str, **more: Any) -> Expert:
    skills = {"topic": frozenset(labels)} if labels else {}
    return Expert(f"{name}@example.org", user, skills, **more)


ANA, BO = expert("ana", 1, "cards", "fees"), expert("bo", 2, "cards")


def tasks(count: int, kind: TaskKind = CARDS, **held: Any) -> list[OpenTask]:
    return [OpenTask((5, number), kind, **held) for number in range(1, count + 1)]


def assigned(
    open_tasks: list[OpenTask],
    experts: tuple[Expert, ...] = (ANA, BO),
    activity: Activity | None = None,
    ahead: int = 50,
    now: datetime = NOW,
) -> Assignments:
    return assign(open_tasks, experts, activity or Activity(), now=now, idle_days=7, ahead=ahead)


def after(open_tasks: list[OpenTask], made: Assignments, at: datetime = NOW) -> list[OpenTask]:
    """The tasks as they stand when that was written."""
    found = []
    for task in open_tasks:
        fields = made.changes.get(task.place)
        to = task.assigned_to if fields is None else fields[ASSIGNED_TO]
        since = task.assigned_at if fields is None else at
        found.append(OpenTask(task.place, task.kind, to, since if to else None))
    return found


def test_tasks_are_shared_out_and_told() -> None:
    made = assigned(tasks(20))
    assert made.loads == {"ana@example.org": 10, "bo@example.org": 10}
    assert made.new == len(made.changes) == 20
    assert made.changes[5, 1][ASSIGNED_AT] == "2026-11-29T12:00:00+00:00"
    first_four = [made.changes[5, number][ASSIGNED_TO] for number in range(1, 5)]
    assert sorted(first_four) == ["ana@example.org"] * 2 + ["bo@example.org"] * 2


def test_another_run_changes_nothing() -> None:
    open_tasks = tasks(60) + [OpenTask((6, n), FEES) for n in range(30)]
    made = assigned(open_tasks, ahead=30)
    assert made.waiting == 30
    for _ in range(3):
        open_tasks = after(open_tasks, made)
        made = assigned(open_tasks, ahead=30)
        assert made.changes == {} and made.new == 0


def test_each_gets_only_so_many_ahead_the_most_urgent_first() -> None:
    made = assigned(tasks(100), ahead=5)
    assert made.loads == {"ana@example.org": 5, "bo@example.org": 5}
    assert {number for _, number in made.changes} == set(range(1, 11))
    assert made.waiting == 90


def test_who_can_do_nothing_of_the_first_gets_later_ones() -> None:
    open_tasks = [*tasks(100, FEES), OpenTask((5, 101), CARDS)]
    made = assigned(open_tasks, ahead=5)
    assert made.changes[5, 101][ASSIGNED_TO] == "bo@example.org"


def test_nobody_without_hours_gets_anything() -> None:
    away = expert("bo", 2, "cards", hours=0.0)
    held = tasks(4, assigned_to="bo@example.org", assigned_at=LATELY)
    made = assigned(held, (ANA, away))
    assert {fields[ASSIGNED_TO] for fields in made.changes.values()} == {"ana@example.org"}
    assert made.moved == 4 and made.away == ()
    assert not any(PASSED_ON in fields for fields in made.changes.values())


def test_tasks_of_who_did_nothing_for_long_are_passed_on() -> None:
    held = tasks(4, assigned_to="bo@example.org", assigned_at=LONG_AGO)
    made = assigned(held, activity=Activity({2: LONG_AGO}))
    assert made.away == ("bo@example.org",) and made.moved == 4
    told = made.changes[5, 1]
    assert told[ASSIGNED_TO] == "ana@example.org"
    assert told[PASSED_ON] == {"from": "bo@example.org", "at": "2026-11-29T12:00:00+00:00"}


def test_who_works_or_has_just_got_a_task_keeps_it() -> None:
    old = tasks(4, assigned_to="bo@example.org", assigned_at=LONG_AGO)
    assert assigned(old, activity=Activity({2: LATELY})).changes == {}
    new = tasks(4, assigned_to="bo@example.org", assigned_at=LATELY)
    assert assigned(new).changes == {}


def test_whose_tasks_were_passed_on_gets_none_until_they_finish_something() -> None:
    passed_on = {"bo@example.org": LATELY}
    gone = assigned(tasks(4), activity=Activity({2: LONG_AGO}, passed_on))
    assert gone.loads == {"ana@example.org": 4} and gone.away == ("bo@example.org",)
    back = assigned(tasks(4), activity=Activity({2: NOW}, passed_on))
    assert back.loads == {"ana@example.org": 2, "bo@example.org": 2} and back.away == ()


def test_a_task_that_nobody_else_may_do_is_taken_all_the_same() -> None:
    held = tasks(1, FEES, assigned_to="ana@example.org", assigned_at=LONG_AGO)
    made = assigned(held)
    assert made.changes[5, 1][ASSIGNED_TO] is None
    assert PASSED_ON in made.changes[5, 1]


def test_what_nobody_may_do_is_told() -> None:
    made = assigned([OpenTask((5, 1), TaskKind.of({"topic": "fraud"}, ()))])
    assert made.unmatched == {"topic fraud": 1}
    assert (made.changes, made.waiting) == ({}, 0)


def test_a_review_never_goes_to_its_author() -> None:
    tiers = frozenset({"peer"})
    peers = expert("a", 1, tiers=tiers), expert("b", 2, tiers=tiers)
    kind = TaskKind.of({}, (), tier="peer", barred=frozenset({1}))
    made = assigned(tasks(6, kind), peers)
    assert {fields[ASSIGNED_TO] for fields in made.changes.values()} == {"b@example.org"}
    held = assigned(tasks(1, kind, assigned_to="a@example.org", assigned_at=LATELY), peers)
    assert held.changes[5, 1][ASSIGNED_TO] == "b@example.org"
