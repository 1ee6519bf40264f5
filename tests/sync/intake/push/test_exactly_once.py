"""Imports whose answers get lost, come late, or never come: each task exactly once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.errors import LabelStudioError
from sync.common.source_task import ID_FIELD
from sync.intake.push.exactly_once import SETTLE_S, Importer, Journal, Pending, WrittenTask, settled
from tests.sync.intake.push.fakes import PROJECT, FakeClock, FakeFiles, FakeLabelStudio, Import

TIMED_OUT = LabelStudioError("did not answer in time")
FAILED = LabelStudioError("refused", 500)
GATEWAY = LabelStudioError("refused", 504)
REFUSED = LabelStudioError("refused", 400)


class Desk:
    """A push's importer, and what it writes to."""

    def __init__(self, *imports: Import, down_s: float = 0.0) -> None:
        self.clock = FakeClock()
        self.client = FakeLabelStudio(self.clock, list(imports))
        self.client.down_until = self.clock.now + down_s
        self.journal = Journal(FakeFiles(), self.clock.time)
        self.importer = Importer(self.client, PROJECT, self.journal, self.client.look, self.clock)

    def create(self, *ids: str) -> None:
        self.importer.create([WrittenTask.of({ID_FIELD: each}) for each in ids])

    def push_again(self, *ids: str) -> None:
        """As another process would: settle what was under way, then create what is not there."""
        pending = self.journal.pending()
        if pending is not None:
            settled(pending, self.client.look, self.clock)
            self.journal.end()
        missing = [each for each in ids if each not in self.client.look().tasks]
        if missing:
            self.create(*missing)
        self.clock.sleep(1000)
        self.client.land()


def test_an_import_that_is_answered() -> None:
    desk = Desk()
    desk.create("a", "b")
    assert desk.client.history == [2]
    assert desk.journal.pending() is None


@pytest.mark.parametrize("error", [TIMED_OUT, GATEWAY])
@pytest.mark.parametrize("after_s", [0, 5, SETTLE_S - 1])
def test_an_answer_that_never_comes_is_looked_for(error: LabelStudioError, after_s: float) -> None:
    desk = Desk(Import(after_s, error))
    desk.create("a", "b")
    assert desk.client.history == [2], "not repeated"
    assert sorted(desk.client.identities()) == ["a", "b"]
    assert desk.journal.pending() is None


def test_a_label_studio_that_starts_again_meanwhile() -> None:
    desk = Desk(Import(0, TIMED_OUT), down_s=SETTLE_S - 1)
    desk.create("a")
    assert desk.client.history == [1]


def test_the_wait_begins_when_the_client_gave_up() -> None:
    """A server that needs longer than the client's time-out is slow, and may need as long again."""
    desk = Desk(Import(60 + SETTLE_S / 2, TIMED_OUT, answer_s=60))
    desk.create("a")
    assert desk.client.identities() == ["a"]


def test_what_is_nowhere_to_be_seen_is_left_to_the_next_push() -> None:
    desk = Desk(Import(None, TIMED_OUT))
    with pytest.raises(LabelStudioError, match="in time"):
        desk.create("a")
    pending = desk.journal.pending()
    assert pending is not None
    assert (pending.project_id, pending.ids) == (PROJECT, ("a",))
    desk.push_again("a")
    assert desk.client.identities() == ["a"]


@pytest.mark.parametrize("stored", [0, None])
def test_a_failure_that_is_answered_is_looked_at_once(stored: float | None) -> None:
    """Label Studio stores the tasks, then counts them; the counting may fail."""
    desk = Desk(Import(stored, FAILED))
    if stored is None:
        with pytest.raises(LabelStudioError):
            desk.create("a")
    else:
        desk.create("a")
    assert desk.clock.now == FakeClock().now, "nobody waited"
    assert desk.journal.pending() is None


def test_a_refusal_is_final() -> None:
    desk = Desk(Import(None, REFUSED), down_s=1000)
    with pytest.raises(LabelStudioError):
        desk.create("a")
    assert desk.journal.pending() is None


def test_fewer_created_than_sent_is_said() -> None:
    desk = Desk()
    desk.client.import_tasks = lambda project_id, tasks: 1  # type: ignore[method-assign]
    with pytest.raises(LabelStudioError, match="created 1 of 2"):
        desk.create("a", "b")


@given(
    after_s=st.one_of(st.none(), st.floats(0, SETTLE_S - 1)),
    answered=st.booleans(),
    killed=st.booleans(),
)
def test_one_more_push_makes_it_exactly_once(
    after_s: float | None, answered: bool, killed: bool
) -> None:
    """A push is killed at any moment around an import, which is carried out, late or not at all."""
    desk = Desk(Import() if answered else Import(after_s, TIMED_OUT))
    if killed:  # after it was written down and sent, before the answer
        desk.journal.begin(PROJECT, ["a", "b"])
        desk.client.imports = [] if after_s is None else [Import(after_s)]
        if after_s is not None:
            desk.client.import_tasks(
                PROJECT, b'[{"data": {"labeltune_id": "a"}}, {"data": {"labeltune_id": "b"}}]'
            )
    else:
        try:
            desk.create("a", "b")
        except LabelStudioError:
            assert after_s is None and not answered
    desk.push_again("a", "b")
    assert sorted(desk.client.identities()) == ["a", "b"]


def test_a_clock_that_was_set_back_does_not_make_it_wait_for_ever() -> None:
    desk = Desk()
    pending = Pending(PROJECT, desk.clock.now + 1e6, ("a",))
    began = desk.clock.now
    assert not settled(pending, desk.client.look, desk.clock)
    assert desk.clock.now - began <= SETTLE_S + 1


@pytest.mark.parametrize("content", ["", "{}", "[]", "null", '{"project_id": 7', '{"ids": 3}'])
def test_a_broken_journal_is_no_journal(content: str) -> None:
    files = FakeFiles()
    files.write("push-under-way.json", content)
    assert Journal(files).pending() is None
