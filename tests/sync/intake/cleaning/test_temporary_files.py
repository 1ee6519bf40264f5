"""What waits on disk comes back as it was, read as often as asked for."""

import math
from typing import Any

import numpy as np
import pytest

from sync.common.source_task import SourceTask
from sync.intake.cleaning.temporary_files import LineFile, TaskFile, VectorFile
from tests.sync.intake.cleaning.desk import source


@pytest.mark.parametrize(
    "value",
    [
        "plain",
        "line\nbreaks\r\n\u2028\x85 é 😀",
        "half a pair \ud800",
        2**64,
        123456789012345678901234567890,
        -(2**63),
        1e16,
        1e-7,
        -0.0,
        [None, True, 1, 1.0, {"a": {}}],
    ],
)
def test_a_task_comes_back_as_it_was(value: Any) -> None:
    (task,) = source(x={"messages": [], "value": value})
    file = TaskFile()
    file.add([task])
    file.add([SourceTask(None, {}, "a [list], line 2")])
    file.finish()
    first, second = file.tasks()
    assert (first, second) == (task, SourceTask(None, {}, "a [list], line 2"))
    back = first.data["value"]
    assert type(back) is type(value)
    if isinstance(value, float):
        assert math.copysign(1, back) == math.copysign(1, value)
    if isinstance(value, list):
        assert list(map(type, back)) == list(map(type, value))
    assert list(file.tasks()) == [first, second], "once more"
    file.close()


def test_fields_keep_their_order() -> None:
    file = TaskFile()
    file.add(source({"b": 1, "a": {"d": 1, "c": 2}}))
    file.finish()
    (task,) = file.tasks()
    assert (list(task.data), list(task.data["a"])) == (["b", "a"], ["d", "c"])
    file.close()


def test_vectors_and_lines() -> None:
    vectors, lines = VectorFile(), LineFile()
    assert len(vectors.rows()) == 0
    vectors.add(np.eye(2, 3, dtype=np.float32))
    vectors.add(np.ones((1, 3), dtype=np.float32))
    assert vectors.rows().tolist() == [[1, 0, 0], [0, 1, 0], [1, 1, 1]]
    lines.add("one")
    lines.add("zwölf")
    assert lines.text() == "one\nzwölf\n"
    vectors.close()
    lines.close()
