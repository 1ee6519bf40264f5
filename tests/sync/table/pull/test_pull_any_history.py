"""Pulling after, and during, any history: the table catches up with Label Studio."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.table.pull import bisection, changes, fetch
from tests.sync.builders import config_in
from tests.sync.desk import Desk, tally
from tests.sync.fakes import FakeLabelStudio

ACTIONS = (
    "add",
    "annotate",
    "skip",
    "edit",
    "predict",
    "bulk",
    "draft again",
    "delete",
    "touch",
    "wait",
    "pull",
)


def act(desk: Desk, action: str, pick: int) -> None:
    client, tasks = desk.client, sorted(desk.client.tasks)
    task = tasks[pick % len(tasks)] if tasks else client.add()
    if action == "add":
        client.add()
    elif action == "annotate":
        client.annotate(task, [{"text": pick}])
    elif action == "skip":
        client.annotate(task, was_cancelled=True)
    elif action == "edit" and client.tasks[task]["annotations"]:
        client.edit(task, [{"text": pick}])
    elif action in ("predict", "bulk"):
        client.predict(task, in_bulk=action == "bulk")
    elif action == "draft again":
        client.draft_again(task)
    elif action == "delete" and tasks:
        client.delete(task)
    elif action == "touch":
        client.touch(*tasks)
    elif action == "wait":
        client.wait(pick)
    elif action == "pull":
        desk.pull()


steps = st.tuples(st.sampled_from(ACTIONS), st.integers(0, 40))


@given(before=st.lists(steps, max_size=25), during=st.lists(steps, max_size=8))
@settings(deadline=None, max_examples=60)
def test_whatever_happens_before_and_during_pulls_the_table_catches_up(
    before: list[tuple[str, int]], during: list[tuple[str, int]]
) -> None:
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(fetch, "PAGE_SIZE", 3)
        patch.setattr(changes, "LISTING_PAGE_SIZE", 4)
        patch.setattr(bisection, "LEAF", 2)
        desk = Desk(FakeLabelStudio(), config_in(Path(folder)))
        for action, pick in before:
            act(desk, action, pick)
        coming = [step for step in during if step[0] != "pull"]
        desk.client.meanwhile = lambda: act(desk, *coming.pop()) if coming else None
        desk.pull()
        coming.clear()
        desk.pull()
        assert desk.rows() == desk.truth()
        assert tally(desk.pull()) == (0, 0, 0, len(desk.truth()))
