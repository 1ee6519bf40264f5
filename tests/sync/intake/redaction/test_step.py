"""The step over batches: rows stay apart, ids that hold personal data become unreadable."""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.common.errors import ConfigError
from sync.common.source_task import SourceTask
from sync.intake.cleaning.arrow_form import SCHEMA, from_arrow, over_arrow, to_arrow
from sync.intake.cleaning.steps.redaction import Redaction, pseudonym, redaction
from sync.intake.cleaning.task_batches import SECRETS, to_batch
from sync.intake.redaction.placeholders import restore
from sync.settings.redaction import RedactionSection

ON = RedactionSection(on=True)
REDACTION = Redaction(ON, b"secret")
STEP = over_arrow(REDACTION)


def task(content: str, own_id: str | None = None, **data: Any) -> SourceTask:
    turn = {"role": "user", "content": content}
    return SourceTask(own_id, {"messages": [turn], **data}, "file.jsonl, line 1")


def ids(step: Redaction, *tasks: SourceTask) -> list[str | None]:
    found: list[str | None] = over_arrow(step)(to_arrow(to_batch(tasks)))["id"].to_pylist()
    return found


def test_rows_keep_their_places_and_get_their_secrets() -> None:
    tasks = [task("joe@example.com", "1"), task("hello", "2"), task("ann@example.com", "3")]
    batch = STEP(to_arrow(to_batch(tasks)))
    assert batch.column_names == [*SCHEMA.names, SECRETS]
    contents = [t.data["messages"][0]["content"] for t in from_arrow(batch).tasks]
    assert contents == ["<EMAIL_1>", "hello", "<EMAIL_1>"]
    assert batch[SECRETS].to_pylist() == [
        '{"<EMAIL_1>":"joe@example.com"}',
        None,
        '{"<EMAIL_1>":"ann@example.com"}',
    ]
    assert batch["id"].to_pylist() == ["1", "2", "3"]


def test_an_empty_batch() -> None:
    assert STEP(to_arrow(to_batch([]))).schema == SCHEMA.append(pa.field(SECRETS, pa.string()))


def test_other_columns_stay() -> None:
    batch = to_arrow(to_batch([task("joe@example.com")])).append_column("n", pa.array([7]))
    assert STEP(batch)["n"].to_pylist() == [7]


CONTENTS = st.lists(st.sampled_from(["joe@example.com", "192.0.2.1", "hi"]), max_size=3)


@given(st.lists(CONTENTS.map(" ".join).map(task), max_size=6), st.randoms())
def test_the_order_and_size_of_batches_is_of_no_matter(tasks: list[SourceTask], any: Any) -> None:
    whole = STEP(to_arrow(to_batch(tasks))).to_pylist()
    places = list(range(len(tasks)))
    any.shuffle(places)
    for place in places:
        assert STEP(to_arrow(to_batch([tasks[place]]))).to_pylist() == [whole[place]]


def test_ids_that_hold_personal_data_become_unreadable_and_stay_the_same() -> None:
    tasks = [
        task("hello", "joe@example.com"),
        task("call me at 99668472", "user-99668472"),
        task("hello", "T-1001"),
        task("hello", "user-99668472", phone=99668472.0),
    ]
    first, second, third, fourth = ids(REDACTION, *tasks)
    assert first == pseudonym("joe@example.com", b"secret")
    assert second == fourth == pseudonym("user-99668472", b"secret")
    assert third == "T-1001"
    assert ids(REDACTION, tasks[0]) == [first]
    assert ids(Redaction(ON, b"other"), tasks[0]) != [first]


def test_without_a_secret_such_a_task_has_no_id() -> None:
    assert ids(Redaction(ON), task("hello", "joe@example.com"), task("a", "1")) == [None, "1"]


def test_a_batch_can_be_restored() -> None:
    tasks = [task("joe@example.com", note="at 192.0.2.1", n=4111111111111111), task("hi")]
    batch = STEP(to_arrow(to_batch(tasks)))
    for was, now, secrets in zip(
        tasks, from_arrow(batch).tasks, batch[SECRETS].to_pylist(), strict=True
    ):
        assert restore(now.data, json.loads(secrets or "{}")) == was.data


def test_that_nothing_can_be_turned_back_is_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    redaction(ON, tmp_path)
    assert caplog.text == ""
    redaction(RedactionSection(on=True, key_file=""), tmp_path)
    assert "can never be turned back" in caplog.text


def test_the_step_of_a_configuration(tmp_path: Path) -> None:
    step = redaction(ON, tmp_path, dry_run=True)
    assert not list(tmp_path.iterdir())
    assert step.secret is not None
    kept = redaction(ON, tmp_path)
    assert redaction(ON, tmp_path) == kept
    assert redaction(RedactionSection(on=True, key_file=""), tmp_path).secret is None
    with pytest.raises(ConfigError, match="presidio has no"):
        redaction(RedactionSection(entities=("NAME",)), tmp_path)
