"""The log of a run: whole lines, each step once, and moments for people."""

from pathlib import Path

from sync.common.json_text import Json
from sync.tuning.local.said_moments import SaidMoments, loss_points, rows_sentence
from sync.tuning.local.step_log import NewEvents, StepLog, events
from sync.tuning.models.model_entry import LossPoint
from sync.tuning.tuner import TuningMoment


def step(number: int, loss: float = 2.0) -> Json:
    return {"event": "step", "step": number, "of": 4, "loss": loss, "seconds": 3.0}


def test_what_was_said_after_the_checkpoint_is_taken_back(tmp_path: Path) -> None:
    log = StepLog(tmp_path / "steps.jsonl")
    log.say("rows", own=3)
    log.say("measured", threads=2)
    for number in (1, 2, 3):
        log.say("step", step=number)
    log.say("failed", why="killed")
    log.go_on_after(2)
    said = [(line["event"], line.get("step")) for line in events(tmp_path / "steps.jsonl")]
    assert said == [("rows", None), ("measured", None), ("step", 1), ("step", 2)]


def test_half_a_line_is_none(tmp_path: Path) -> None:
    (tmp_path / "steps.jsonl").write_text('{"event": "step", "step": 1}\n{"event": "st')
    assert [line["step"] for line in events(tmp_path / "steps.jsonl")] == [1]
    assert list(events(tmp_path / "none.jsonl")) == []


def test_each_line_is_told_once_and_only_whole(tmp_path: Path) -> None:
    path = tmp_path / "steps.jsonl"
    told: list[Json] = []
    tail = NewEvents(path, told.append)
    tail.look()
    path.write_text('{"event": "a"}\n{"eve')
    tail.look()
    assert [line["event"] for line in told] == ["a"]
    with path.open("a") as file:
        file.write('nt": "b"}\n')
    tail.look()
    tail.look()
    assert [line["event"] for line in told] == ["a", "b"]
    path.write_text('{"event": "c"}\n')
    tail.look()
    assert [line["event"] for line in told] == ["a", "b", "c"]


def test_moments_tell_losses_and_the_time_that_is_left() -> None:
    shown: list[TuningMoment] = []
    said = SaidMoments(shown.append)
    for line in (step(1), {"event": "validation", "step": 1, "of": 4, "loss": 1.5}, step(2, 1.0)):
        said.tell(line)
    assert shown[-1] == TuningMoment("training", 2, 4, 1.0, 1.5, 6.0)


def test_the_last_word_on_a_step_counts() -> None:
    lines = [step(1), {"event": "validation", "step": 2, "of": 4, "loss": 1.5}, step(1, 1.0)]
    assert loss_points(lines) == (LossPoint(1, 1.0, None), LossPoint(2, None, 1.5))


def test_what_is_learned_and_left_out_is_said_in_a_sentence() -> None:
    line = {"own": 20, "general": 0, "validation": 1, "too_long": 2, "with_pictures": 0}
    assert rows_sentence(line) == "20 examples, 1 for validation, 2 too long, left out"
    assert "so nothing holds it" in rows_sentence({**line, "unheld": True})
    assert rows_sentence({**line, "general": 5}).startswith("20 examples, 5 general, 1 for")
