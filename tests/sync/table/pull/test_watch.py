"""Watching: at the interval, at once when the backend heard something, and through outages."""

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import httpx
import pytest

from connectors.errors import LabelStudioError
from sync.common.errors import ConfigError, SyncError
from sync.settings import Config
from sync.table.pull import PullReport
from sync.table.pull.watch import POLL_S, BackendEvents, WatchClock, watch
from tests.ml_backend.http_double import Reply, Request, http_double, unused_url
from tests.sync.builders import config_in


def report(title: str, new: int = 0, seconds: float = 0.0) -> PullReport:
    return PullReport(title, 7, new, 0, 0, 0, new, 2, seconds, 0)


@dataclass
class Stopped(Exception):  # noqa: N818
    """The script of a test is over."""


@dataclass
class FakeClock(WatchClock):
    """Time passes only while somebody sleeps.

    Attributes:
        later: called with the time after each sleep.
    """

    at: float = 0.0
    later: Callable[[float], None] = lambda at: None

    def now(self) -> float:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.at += seconds
        self.later(self.at)


@dataclass
class FakeEvents:
    """A backend that heard so many events; None is one that is away."""

    counts: dict[str, int] | None = None
    history: list[tuple[int, ...]] = field(default_factory=list)

    def count(self, project_ids: Collection[int]) -> Mapping[str, int] | None:
        self.history.append(tuple(project_ids))
        return dict(self.counts) if project_ids and self.counts is not None else None


@dataclass
class Script:
    """What each pull brings: rows, or an error; ends the watching when it is over."""

    clock: FakeClock
    outcomes: Iterator[int | Exception]
    history: list[tuple[float, str]] = field(default_factory=list)

    def pull(self, config: Config) -> PullReport:
        title = config.label_studio.project
        outcome = next(self.outcomes, Stopped())
        if isinstance(outcome, Stopped):
            raise outcome
        self.history.append((self.clock.at, title))
        if isinstance(outcome, Exception):
            raise outcome
        return report(title, outcome)

    def times(self) -> list[float]:
        return [at for at, _ in self.history]


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def configs(tmp_path: Path) -> list[Config]:
    return [config_in(tmp_path)]


def run(
    configs: list[Config],
    clock: FakeClock,
    *outcomes: int | Exception,
    events: FakeEvents | None = None,
    interval_s: float = 60.0,
) -> tuple[Script, list[PullReport], list[str]]:
    """Watch until the script is over; what it did, what it gave, what it complained of."""
    script, said, found = Script(clock, iter(outcomes)), [], []
    try:
        for each in watch(
            configs, script.pull, events or FakeEvents(), interval_s, said.append, clock
        ):
            found.append(each)  # noqa: PERF402  an error ends it, and what came before counts
    except Stopped:
        pass
    return script, found, said


def test_it_pulls_at_the_interval_and_tells_what_came(
    configs: list[Config], clock: FakeClock
) -> None:
    script, found, said = run(configs, clock, 3, 0, 2, interval_s=30)
    assert script.times() == [0, 30, 60]
    assert [each.new for each in found] == [3, 2]
    assert said == []


def test_projects_are_pulled_one_after_the_other(tmp_path: Path, clock: FakeClock) -> None:
    configs = [config_in(tmp_path, project=title) for title in ("One", "Two")]
    script, _, _ = run(configs, clock, 1, 1, 1, 1)
    assert script.history == [(0, "One"), (0, "Two"), (60, "One"), (60, "Two")]


# --- the hint


def test_an_event_is_pulled_at_once(configs: list[Config], clock: FakeClock) -> None:
    events = FakeEvents({"7": 5})

    def hear(at: float) -> None:
        if at == 20:
            events.counts = {"7": 6}

    clock.later = hear
    script, _, _ = run(configs, clock, 1, 0, 1, 0, events=events)
    # the second pull follows at once: nobody could be asked before the first knew the project
    assert script.times() == [0, 0, 20, 80]
    assert events.history[-1] == (7,)


def test_an_event_during_a_pull_is_not_missed(configs: list[Config], clock: FakeClock) -> None:
    events = FakeEvents({"7": 5})
    heard: list[float] = []

    class Busy(Script):
        def pull(self, config: Config) -> PullReport:
            done = super().pull(config)
            if len(self.history) == 2:
                events.counts = {"7": 6}
                heard.append(self.clock.at)
            return done

    script = Busy(clock, iter([1, 0, 0]))
    with pytest.raises(Stopped):
        list(watch(configs, script.pull, events, 60, lambda said: None, clock))
    assert script.times()[2] == heard[0]


@pytest.mark.parametrize("counts", [None, {"7": 5}])
def test_without_a_hint_the_interval_stands(
    configs: list[Config], clock: FakeClock, counts: dict[str, int] | None
) -> None:
    script, _, _ = run(configs, clock, 1, 0, 0, events=FakeEvents(counts))
    assert script.times()[-1] - script.times()[-2] == 60


def test_the_backend_is_not_asked_more_often_than_it_should_be(
    configs: list[Config], clock: FakeClock
) -> None:
    events = FakeEvents({"7": 5})
    run(configs, clock, 1, 0, 0, events=events, interval_s=60)
    assert len(events.history) <= 2 * 60 / POLL_S + 5


# --- outages


def test_an_outage_is_told_once_and_outlived(configs: list[Config], clock: FakeClock) -> None:
    away = LabelStudioError("Label Studio can't be reached")
    script, found, said = run(configs, clock, away, away, away, 2, 0, away)
    assert len(script.history) == 6
    assert [each.new for each in found] == [2]
    assert said == [
        "Label Studio can't be reached; trying again every 60 s",
        "'Support answers' can be pulled again",
        "Label Studio can't be reached; trying again every 60 s",
    ]


def test_a_server_that_is_away_is_asked_once_a_round(tmp_path: Path, clock: FakeClock) -> None:
    configs = [config_in(tmp_path, project=title) for title in ("One", "Two")]
    away = LabelStudioError("Label Studio can't be reached", 502)
    script, _, said = run(configs, clock, away, away, 1, 1)
    assert script.history == [(0, "One"), (60, "One"), (120, "One"), (120, "Two")]
    assert len(said) == 2


def test_a_project_that_can_t_be_pulled_does_not_stop_the_others(
    tmp_path: Path, clock: FakeClock
) -> None:
    configs = [config_in(tmp_path, project=title) for title in ("One", "Two")]
    _, found, said = run(configs, clock, SyncError("no project 'One'"), 1, SyncError("again"), 1)
    assert [each.project for each in found] == ["Two", "Two"]
    assert said == ["no project 'One'; trying again every 60 s"]


@pytest.mark.parametrize(
    "error", [LabelStudioError("refused", 401), LabelStudioError("refused", 403), ConfigError("x")]
)
def test_what_waiting_can_t_mend_ends_it(
    configs: list[Config], clock: FakeClock, error: Exception
) -> None:
    with pytest.raises(type(error)):
        run(configs, clock, 1, error)


# --- the backend's side


def asked(answer: Callable[[Request], Reply], config: Config) -> Mapping[str, int] | None:
    with http_double(answer) as double, httpx.Client() as client:
        there = config.model_copy(
            update={"backend": config.backend.model_copy(update={"url": f"{double.url}/"})}
        )
        return BackendEvents(there, client).count([8, 7])


def test_the_backend_is_asked_with_its_credentials(configs: list[Config]) -> None:
    seen: list[Request] = []

    def answer(request: Request) -> Reply:
        seen.append(request)
        return Reply({"events": {"7": 3, "8": 0}})

    env = {"LABELTUNE_BACKEND_USER": "u", "LABELTUNE_BACKEND_PASSWORD": "p"}
    assert asked(answer, configs[0].model_copy(update={"env": env})) == {"7": 3, "8": 0}
    assert seen[0].path == "/events"
    assert seen[0].headers["authorization"] == "Basic dTpw"


@pytest.mark.parametrize(
    "reply",
    [
        Reply({"error": "no"}, 401),
        Reply({"detail": "not found"}, 404),
        Reply("<html>", content_type="text/html"),
        Reply([]),
        Reply({"events": None}),
        Reply({"events": [1]}),
        Reply({"events": {"7": "many"}}),
    ],
    ids=lambda reply: json.dumps(reply.body),
)
def test_another_backend_is_no_hint(configs: list[Config], reply: Reply) -> None:
    assert asked(lambda request: reply, configs[0]) is None


def test_no_backend_is_no_hint(configs: list[Config]) -> None:
    section = configs[0].backend.model_copy(update={"url": unused_url()})
    with httpx.Client() as client:
        events = BackendEvents(configs[0].model_copy(update={"backend": section}), client)
        assert events.count([7]) is None
        assert events.count([]) is None


def test_real_time_passes() -> None:
    clock = WatchClock()
    before = clock.now()
    clock.sleep(0.01)
    assert clock.now() - before >= 0.01


def test_watching_goes_on_for_ever(configs: list[Config], clock: FakeClock) -> None:
    every = watch(configs, lambda c: report("x", 1), FakeEvents(), 60, lambda said: None, clock)
    assert len(list(islice(every, 100))) == 100
