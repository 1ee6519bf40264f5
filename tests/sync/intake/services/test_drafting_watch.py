"""Watching drafts: what changed, how fast, through outages; as lines, JSON and a panel."""

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pytest
from rich.console import Console

from connectors.errors import LabelStudioError
from sync.intake.services.drafting_progress import DraftingProgress
from sync.intake.services.drafting_watch import Pace, Seen, watch_drafting
from sync.intake.services.drafts_panel import json_line, panel

Outcome = DraftingProgress | Exception | None


def drafted(count: int, **more: object) -> DraftingProgress:
    return replace(DraftingProgress(64, count, 0, 64 - count), **more)


@dataclass
class Script:
    """What each look brings; time passes only while somebody sleeps."""

    outcomes: list[Outcome]
    at: float = 0.0
    said: list[str] = field(default_factory=list)

    def look(self) -> DraftingProgress | None:
        outcome = self.outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def sleep(self, seconds: float) -> None:
        self.at += seconds

    def run(self) -> Iterator[Seen]:
        watching = watch_drafting(self.look, self.said.append, 5.0, lambda: self.at, self.sleep)
        while self.outcomes:
            yield next(watching)


def test_only_what_differs_is_a_change() -> None:
    script = Script([None, None, drafted(0), drafted(0), drafted(1), drafted(1, annotated=1)])
    assert [seen.changed for seen in script.run()] == [True, False, True, False, True, True]


def test_further_samples_are_no_change_to_be_told() -> None:
    script = Script([drafted(64, refining=5), drafted(64, refining=4)])
    assert [seen.changed for seen in script.run()] == [True, False]


def test_pace_and_time_left() -> None:
    *_, last = Script([drafted(count) for count in range(1, 8)]).run()
    assert last.per_minute == pytest.approx(12)
    assert last.left_s == pytest.approx(57 * 5)
    assert last.sentence() == "drafted 7 of 64, 12 a minute, about 5 min left"


def test_nothing_is_guessed_before_the_first_draft() -> None:
    seen = list(Script([drafted(4), drafted(4)]).run())
    assert [(each.per_minute, each.left_s) for each in seen] == [(0, None), (0, None)]
    assert seen[-1].sentence() == "drafted 4 of 64"


def test_what_failed_is_not_waited_for() -> None:
    *_, last = Script([drafted(0), drafted(62, failed={"no reply fits": 2})]).run()
    assert last.left_s is None
    assert last.sentence() == "drafted 62 of 64; 2 left undrafted: no reply fits"


def test_all_that_is_known_in_a_sentence() -> None:
    progress = drafted(7, annotated=3, backend_up=False, at_rest="the budget is spent")
    said = Seen(progress, changed=True, per_minute=3.14159, left_s=1100).sentence()
    assert said == (
        "drafted 7 of 64, 3.1 a minute, about 18 min left, 3 annotated; "
        "the backend does not answer; at rest: the budget is spent"
    )


def test_an_outage_is_told_once_and_outlived() -> None:
    away = LabelStudioError("Label Studio can't be reached")
    script = Script([drafted(1), away, away, drafted(1), away, drafted(2)])
    seen = list(script.run())
    assert [each.changed for each in seen] == [True, False, True]
    assert (
        script.said
        == [
            "Label Studio can't be reached; trying again every 5 s",
            "Label Studio answers again",
        ]
        * 2
    )


@pytest.mark.parametrize("code", [401, 403])
def test_a_refused_key_ends_it(code: int) -> None:
    with pytest.raises(LabelStudioError):
        list(Script([drafted(1), LabelStudioError("refused", code)]).run())


def test_pace_forgets_what_is_long_past() -> None:
    pace = Pace(window_s=100)
    for at in range(0, 100, 10):
        pace.note(at, at)
    assert pace.per_second(90) == pytest.approx(1.0)
    for at in range(100, 400, 10):
        pace.note(at, 100 + (at - 100) // 10)
    assert pace.per_second(390) == pytest.approx(0.1, rel=0.1)


def test_pace_slows_down_while_nothing_comes() -> None:
    pace = Pace(least_s=10)
    pace.note(0, 0)
    pace.note(10, 10)
    assert pace.per_second(10) == 1.0
    assert pace.per_second(100) == 0.1


def test_the_first_drafts_which_come_together_are_no_pace() -> None:
    pace = Pace()
    pace.note(0, 0)
    pace.note(2, 4)
    assert pace.per_second(29) == 0.0
    pace.note(31, 5)
    assert pace.per_second(31) == pytest.approx(5 / 31)


def test_pace_begins_anew_when_all_is_drafted_anew() -> None:
    pace = Pace(least_s=10)
    pace.note(0, 0)
    pace.note(10, 60)
    pace.note(20, 0)
    assert pace.per_second(20) == 0.0
    pace.note(30, 5)
    assert pace.per_second(30) == 0.5


def test_a_change_as_json() -> None:
    progress = drafted(17, annotated=2, failed={"no reply fits": 1})
    line = json_line("2026-11-29T05:00:00+00:00", "P", Seen(progress, True, 3.14159, 899.6))
    assert "\n" not in line
    assert json.loads(line) == {
        "at": "2026-11-29T05:00:00+00:00",
        "project": "P",
        "tasks": 64,
        "drafted": 17,
        "annotated": 2,
        "waiting": 47,
        "failed": {"no reply fits": 1},
        "at_rest": None,
        "put_off": None,
        "backend_up": True,
        "refining": 0,
        "to_draft": 46,
        "per_minute": 3.14,
        "left_s": 900,
    }
    assert json.loads(json_line("t", "P", Seen(None, True)))["tasks"] is None


def shown(seen: Seen, said: str = "") -> str:
    console = Console(file=io.StringIO(), width=90)
    console.print(panel(seen, "Bank support [sample]", said))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_the_panel_holds_all_that_is_known() -> None:
    progress = drafted(17, annotated=2, failed={"no reply [fits]": 1}, refining=9)
    text = shown(Seen(progress, True, 3.1, 900))
    for words in (
        "Bank support [sample]",
        "17 of 64",
        "3.1 a minute, about 15 min left",
        "2 of 64",
        "9 drafts get further samples",
        "1 left undrafted: no reply [fits]",
        "Ctrl-C",
    ):
        assert words in text
    assert "nothing waits for a draft" in shown(Seen(drafted(64), True))
    assert "no draft has come since this began" in shown(Seen(drafted(0), True))


def test_the_panel_without_a_project_or_without_label_studio() -> None:
    assert "no such project" in shown(Seen(None, True))
    away = shown(Seen(None, False), "Label Studio can't be reached")
    assert "can't be reached" in away
    assert "no such project" not in away
