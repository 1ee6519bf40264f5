"""Users and single annotations: what is sent, and that a repeat is no failure."""

from uuid import UUID

import pytest

from connectors.errors import LabelStudioError
from tests.connectors.label_studio_server import answering, client
from tests.ml_backend.http_double import HTTPDouble, Reply, http_double

ID = UUID(int=7)


def asked(double: HTTPDouble) -> list[tuple[str, str, object]]:
    return [(request.method, request.path, request.body) for request in double.requests]


def test_a_task_is_skipped_in_somebody_s_name() -> None:
    with http_double(answering(Reply({"id": 1}, 201))) as double:
        assert client(double).skip_for(12, 3, ID)
        assert client(double).annotate_as(12, {"result": [], "completed_by": 3}, ID)
    skipped = {"result": [], "was_cancelled": True, "completed_by": 3, "unique_id": str(ID)}
    written = {"result": [], "completed_by": 3, "unique_id": str(ID)}
    assert asked(double) == [
        ("POST", "/api/tasks/12/annotations/", skipped),
        ("POST", "/api/tasks/12/annotations/", written),
    ]


def test_what_is_there_already_is_not_made_again() -> None:
    with http_double(answering(Reply({"detail": "already exists"}, 409))) as double:
        assert not client(double).skip_for(12, 3, ID)
        assert not client(double).annotate_as(12, {"result": []}, ID)


def test_another_refusal_is_told() -> None:
    with (
        http_double(answering(Reply({"completed_by": ["Invalid pk"]}, 400))) as double,
        pytest.raises(LabelStudioError) as refused,
    ):
        client(double).skip_for(12, 999, ID)
    assert refused.value.status == 400


def test_one_task_is_for_more_annotators_and_one_annotation_gets_the_star() -> None:
    with http_double(answering(Reply({"id": 1}))) as double:
        client(double).set_overlap(12, 2, is_labeled=False)
        client(double).set_ground_truth(5)
        client(double).set_ground_truth(5, to=False)
    assert asked(double) == [
        ("PATCH", "/api/tasks/12/", {"overlap": 2, "is_labeled": False}),
        ("PATCH", "/api/annotations/5/", {"ground_truth": True}),
        ("PATCH", "/api/annotations/5/", {"ground_truth": False}),
    ]


def test_everybody_is_listed() -> None:
    people = [{"id": 1, "email": "ana@example.org"}]
    with http_double(answering(Reply(people))) as double:
        assert client(double).users() == people
