"""Pictures in Label Studio, before a server that answers as it does."""

import pytest

from connectors.errors import LabelStudioError
from connectors.label_studio_files import UploadedFile, is_served, upload_address
from connectors.pictures import PictureError
from tests.connectors.label_studio_server import KEY, answering, client
from tests.ml_backend.http_double import Reply, http_double
from tests.small_pictures import png

NAME = "0" * 32 + ".png"
UPLOADED = {"id": 5, "file": f"upload/7/1a2b3c4d-{NAME}", "size": 101}


def test_a_picture_takes_the_place_of_a_file_that_makes_no_task() -> None:
    answers = Reply({"task_count": 1, "file_upload_ids": [5, 6]}, 201), Reply(UPLOADED)
    with http_double(answering(*answers)) as double, client(double) as label_studio:
        places = label_studio.upload_places(7, 2)
        assert [place.id for place in places] == [5, 6]
        assert all(place.is_place for place in places)
        found = label_studio.upload_picture(places[0], NAME, png())
    assert found == UploadedFile(5, UPLOADED["file"])
    assert not found.is_place
    made, put = double.requests
    assert (made.method, made.path) == ("POST", "/api/projects/7/import")
    assert made.query == {"commit_to_project": "false"}
    assert made.body.count(b'filename="labeltune-picture.json"') == 2
    assert (put.method, put.path) == ("PATCH", "/api/import/file-upload/5")
    assert f'filename="{NAME}"'.encode() in put.body and png() in put.body
    assert {each.headers["authorization"] for each in double.requests} == {f"Token {KEY}"}


def test_uploads_are_listed_and_those_that_wait_for_a_picture_are_known() -> None:
    place = {"id": 6, "file": "upload/7/5e6f7a8b-labeltune-picture.json", "size": 9}
    with http_double(answering(Reply([UPLOADED, place]))) as double, client(double) as label_studio:
        assert [u.is_place for u in label_studio.uploads(7)] == [False, True]
    assert double.requests[0].query == {"all": "true"}


def test_an_address_has_the_sub_path_and_no_host() -> None:
    assert upload_address("http://127.0.0.1:8080", UPLOADED["file"]) == f"/data/{UPLOADED['file']}"
    assert upload_address("https://a.org/ls/", "upload/x.png") == "/ls/data/upload/x.png"


@pytest.mark.parametrize("address", ["/data/upload/7/a.png", "/data/local-files/?d=a%2Fb.png"])
def test_what_label_studio_serves_is_fetched_with_the_key(address: str) -> None:
    with http_double(answering(Reply(png()))) as double, client(double) as label_studio:
        for at in (address, double.url + address):
            assert label_studio.fetch_file(at, 1000) == png()
    assert {r.path for r in double.requests} == {address.partition("?")[0]}
    assert all(r.query == ({"d": "a/b.png"} if "?" in address else {}) for r in double.requests)


@pytest.mark.parametrize(
    "address",
    [
        "/api/current-user/token",
        "/data/upload/../../api/current-user/token",
        "/data/upload/%2e%2e/%2e%2e/api/current-user/token",
        "/data/upload/%252e%252e/x",
        "/data/upload/..\\x",
        "http://169.254.169.254/data/upload/x.png",
        "http://127.0.0.1:1/data/upload/x.png",
        "//evil.example/data/upload/x.png",
        "file:///etc/passwd",
        "data/upload/x.png",
        "http://[x/data/upload/x.png",
        "",
    ],
)
def test_the_key_goes_to_nothing_else(address: str) -> None:
    assert not is_served(address, "http://127.0.0.1:8080")
    with (
        http_double(answering(Reply(png()))) as double,
        client(double) as label_studio,
        pytest.raises(PictureError, match="neither of the web nor of Label Studio's files"),
    ):
        label_studio.fetch_file(address, 1000)
    assert not double.requests


def test_under_a_sub_path_files_are_found_with_and_without_it() -> None:
    url = "https://a.org/ls"
    for address in (
        "/ls/data/upload/7/a.png",
        "/data/upload/7/a.png",
        f"{url}/data/upload/7/a.png",
    ):
        assert is_served(address, url)
    assert not is_served("/other/data/upload/7/a.png", url)


def test_a_file_that_is_too_large_is_not_read_to_its_end() -> None:
    with (
        http_double(answering(Reply(png()))) as double,
        client(double) as label_studio,
        pytest.raises(PictureError, match="and at most"),
    ):
        label_studio.fetch_file("/data/upload/7/a.png", 50)


def test_a_file_that_is_gone_is_a_refusal_with_its_status() -> None:
    with (
        http_double(answering(Reply({}, 404))) as double,
        client(double) as label_studio,
        pytest.raises(LabelStudioError) as gone,
    ):
        label_studio.fetch_file("/data/upload/7/a.png", 1000)
    assert gone.value.status == 404
