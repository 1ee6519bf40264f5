"""Label Studio's JSON as rows."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.common.errors import SyncError
from sync.common.json_text import to_json
from sync.table.task_rows import INCLUDE, from_label_studio
from tests.sync.fakes import FakeLabelStudio


def listed() -> dict[str, Any]:
    client = FakeLabelStudio()
    task_id = client.add()
    client.annotate(task_id, [{"from_name": "response"}])
    client.predict(task_id)
    (page,) = client.task_pages(7, include=INCLUDE)
    return page.tasks[0]


def test_the_fields_that_are_asked_for_are_the_ones_that_are_read() -> None:
    row = from_label_studio(7, listed())
    assert row.annotations[0].items() == [{"from_name": "response"}]
    assert row.predictions[0].model_version == "v1"
    assert row.data_fields()["messages"][0]["role"] == "user"


def test_an_expanded_annotator_is_the_same_annotator() -> None:
    task = listed()
    task["annotations"][0]["completed_by"] = {"id": 1, "email": "a@example.com"}
    assert from_label_studio(7, task) == from_label_studio(7, listed())


@pytest.mark.parametrize("missing", ["result", "was_cancelled", "completed_by"])
def test_a_thinned_annotation_is_refused_rather_than_taken_for_empty(missing: str) -> None:
    task = listed()
    del task["annotations"][0][missing]
    with pytest.raises(SyncError, match=rf"task {task['id']}: .*{missing}"):
        from_label_studio(7, task)


@given(st.text(alphabet=st.characters(codec=None, categories=None) | st.just("\ud800")))
def test_json_text_is_one_writable_line(text: str) -> None:
    line = to_json({"text": text})
    assert line.encode("utf-8").decode("utf-8").splitlines() == [line]
