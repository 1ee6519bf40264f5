"""What a priority is, whatever drafts there are: by property."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from label_configs.queue_fields import FIRST
from sync.queue.priority import DONE, NONE, Lack, Waiting, before_repeats, ranked


def waiting(acceptance: list[float], **known: Any) -> Waiting:
    """Drafts of which nothing is known but what is told."""
    n = len(acceptance)
    return Waiting(
        task_ids=known.get("task_ids", np.arange(1, n + 1)),
        acceptance=np.array(acceptance, dtype=np.float64),
        doubt=np.array(known.get("doubt", [0.0] * n)),
        kinds=np.array(known.get("kinds", [-1] * n), dtype=np.int64),
        repeats=np.array(known.get("repeats", [NONE] * n), dtype=np.int64),
        audits=np.array(known.get("audits", []), dtype=np.int64),
        lacks=known.get("lacks", ()),
        failing=known.get("failing", ()),
        done=known.get("done", 0),
        done_audits=known.get("done_audits", 0),
    )


shares = st.floats(0.0, 1.0)


@st.composite
def projects(draw: st.DrawFn) -> Waiting:
    """Drafts of which anything may be known."""
    acceptance = draw(st.lists(shares, min_size=1, max_size=40))
    n = len(acceptance)
    of_each = lambda one: draw(st.lists(one, min_size=n, max_size=n))  # noqa: E731
    lacks = draw(st.lists(st.builds(Lack, st.floats(0.01, 1.0), st.integers(1, 5)), max_size=3))
    done = draw(st.integers(0, 100))
    found = waiting(
        acceptance,
        doubt=of_each(st.one_of(st.just(0.0), shares)),
        kinds=of_each(st.integers(-1, len(lacks) - 1)),
        audits=draw(st.lists(st.integers(0, n - 1), unique=True, max_size=n)),
        lacks=lacks,
        failing=draw(st.lists(st.integers(0, n - 1), unique=True, max_size=n)),
        done=done,
        done_audits=draw(st.integers(0, done)),
    )
    # a repeat comes behind what it repeats in the order by which repeats are found
    order = np.lexsort((found.task_ids, before_repeats(found)))
    first = [place for place in order.tolist() if not found.audited[place]]
    for number, place in enumerate(first):
        stays = [one for one in first[:number] if found.repeats[one] == NONE]
        found.repeats[place] = draw(st.sampled_from([NONE, NONE, DONE, *stays]))
    return found


@settings(max_examples=60)
@given(projects())
def test_a_priority_is_a_share_and_the_order_follows_it(project: Waiting) -> None:
    found = ranked(project)
    assert ((found.priority >= 0.0) & (found.priority <= 1.0)).all()
    assert (np.diff(found.priority[found.order]) >= 0.0).all()
    assert sorted(found.order.tolist()) == list(range(len(project.task_ids)))
    assert [reason == "audit" for reason in found.reasons] == project.audited.tolist()


@given(st.lists(shares, max_size=30))
def test_without_anything_else_it_is_the_acceptance(acceptance: list[float]) -> None:
    found = ranked(waiting(acceptance))
    assert found.priority.tolist() == acceptance
    assert set(found.reasons) <= {"draft"}


@settings(max_examples=60)
@given(projects())
def test_a_repeat_never_precedes_what_it_repeats(project: Waiting) -> None:
    found = ranked(project)
    places = np.argsort(found.order)
    for place in np.flatnonzero(project.repeats >= 0).tolist():
        first = int(project.repeats[place])
        assert found.priority[place] >= found.priority[first]
        assert places[place] > places[first]


@settings(max_examples=60)
@given(st.lists(shares, min_size=1, max_size=200), st.floats(0.0, 1.0))
def test_audits_are_spread_evenly(acceptance: list[float], share: float) -> None:
    """Of any number of tasks that come first, as many are audits as of all, give or take one."""
    audits = list(range(int(len(acceptance) * share)))
    found = ranked(waiting(acceptance, audits=audits))
    so_far = np.cumsum([found.reasons[place] == "audit" for place in found.order.tolist()])
    due = np.arange(1, len(acceptance) + 1) * len(audits) / len(acceptance)
    assert np.abs(so_far - due).max() <= 1.0 + 1e-9


def test_audits_come_where_chance_puts_them() -> None:
    """In the middle of each five, in the order in which they were drawn, whatever they are like."""
    acceptance = [number / 100 for number in range(20)]
    audits = [17, 19, 16, 18]
    for drafts in (acceptance, acceptance[::-1]):
        assert ranked(waiting(drafts, audits=audits)).order.tolist()[2::5] == audits


def test_as_many_of_a_missing_kind_come_first_as_it_lacks() -> None:
    lacks = [Lack(need=0.5, missing=2), Lack(need=1.0, missing=1)]
    found = ranked(waiting([0.8, 0.6, 0.4, 0.9], kinds=[0, 0, 0, 1], lacks=lacks))
    assert found.priority.tolist() == pytest.approx([0.8, 0.3, 0.2, 0.009])
    assert found.reasons == ("draft", "need", "need", "need")


def test_repeats_fill_a_missing_kind_only_for_want_of_others() -> None:
    lacks = [Lack(need=1.0, missing=1)]
    found = ranked(waiting([0.1, 0.9], kinds=[0, 0], repeats=[DONE, NONE], lacks=lacks))
    assert found.reasons == ("repeat", "need")
    found = ranked(waiting([0.1], kinds=[0], repeats=[DONE], lacks=lacks))
    assert found.reasons == ("need",)


def test_what_another_answer_casts_doubt_on_comes_forward() -> None:
    found = ranked(waiting([0.8, 0.5], doubt=[0.9, 0.0]))
    assert (found.order.tolist(), found.reasons) == ([0, 1], ("doubt", "draft"))


@settings(max_examples=60)
@given(projects())
def test_what_a_tuned_model_fails_comes_before_all_else_but_audits(project: Waiting) -> None:
    found = ranked(project)
    firsts = [place for place, reason in enumerate(found.reasons) if reason == "failing"]
    mine = set(project.failing) - set(project.audits.tolist())
    assert set(firsts) == {place for place in mine if project.repeats[place] == NONE}
    others = [p for p in range(len(found.reasons)) if p not in firsts and not project.audited[p]]
    if firsts and others:
        assert found.priority[firsts].max() <= FIRST <= found.priority[others].min()


def test_of_those_the_least_certain_comes_first() -> None:
    found = ranked(waiting([0.1, 0.9, 0.5, 0.2], failing=[1, 2]))
    assert found.order.tolist() == [2, 1, 0, 3]
    assert found.reasons == ("draft", "failing", "failing", "draft")
