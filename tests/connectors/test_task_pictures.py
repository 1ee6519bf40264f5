"""A task's pictures as a model is asked with them."""

from typing import Any

import pytest

from connectors.errors import LabelStudioError
from connectors.pictures import PictureError, data_uri
from connectors.task_pictures import TaskPictures
from tests import small_pictures as made

AT = "/data/upload/7/1a2b3c4d-cat.png"
OTHER = "/data/upload/7/1a2b3c4d-dog.jpg"


class Shelf:
    """A Label Studio with two pictures."""

    url = "http://127.0.0.1:8080"

    def __init__(self) -> None:
        self.held = {AT: made.png(), OTHER: made.JPEG, f"{self.url}{AT}": made.png()}
        self.asked: list[str] = []

    def fetch_file(self, address: str, most_bytes: int) -> bytes:
        self.asked.append(address)
        if address not in self.held:
            raise LabelStudioError("refused GET (500)", 500)
        if len(self.held[address]) > most_bytes:
            raise PictureError("has 9 MB, and at most 1 are taken")
        return self.held[address]


def asked(*addresses: str) -> list[dict[str, Any]]:
    parts: list[dict[str, Any]] = [{"type": "text", "text": "What is it?"}]
    for address in addresses:
        image = {"url": address, "detail": "low", "more": 1}
        parts.append({"type": "image_url", "image_url": image, "name": "secret.png"})
    return [{"role": "system", "content": "Be short."}, {"role": "user", "content": parts}]


def test_what_lies_in_label_studio_becomes_a_data_uri_and_the_web_stays() -> None:
    shelf, web = Shelf(), "https://example.org/a.png"
    messages = asked(AT, web, data_uri(made.GIF), f"{shelf.url}{AT}")
    sent = TaskPictures(shelf).in_messages(messages)
    assert sent[0] is messages[0]
    words, *parts = sent[1]["content"]
    assert words == {"type": "text", "text": "What is it?"}
    assert parts == [
        {"type": "image_url", "image_url": {"url": url, "detail": "low"}}
        for url in (data_uri(made.png()), web, data_uri(made.GIF), data_uri(made.png()))
    ]
    assert messages == asked(AT, web, data_uri(made.GIF), f"{shelf.url}{AT}")
    assert TaskPictures(shelf).in_messages(sent) == sent


def test_a_picture_is_fetched_once_as_long_as_there_is_room() -> None:
    shelf = Shelf()
    pictures = TaskPictures(shelf)
    for _ in range(3):
        pictures.in_messages(asked(AT, OTHER))
    assert shelf.asked == [AT, OTHER]
    small = TaskPictures(shelf, cached_bytes=len(data_uri(made.JPEG)))
    shelf.asked.clear()
    for address in (AT, OTHER, OTHER, AT):
        small.for_model(address)
    assert shelf.asked == [AT, OTHER, AT]


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/data/upload/7/gone.png", "no longer in Label Studio"),
        ("data:image/png;base64,PGh0bWw+", "is no PNG, JPEG, GIF or WebP"),
        (data_uri(made.png() + b" " * 600), "a picture of the task has"),
        (AT, "a picture of the task has 9 MB"),
    ],
)
def test_what_no_model_could_use_is_told_without_its_address(address: str, said: str) -> None:
    shelf = Shelf()
    shelf.held[AT] += b" " * 600
    with pytest.raises(PictureError, match=said) as refused:
        TaskPictures(shelf, largest_bytes=500).for_model(address)
    assert "upload" not in str(refused.value)


def test_label_studio_that_is_away_is_not_the_pictures_fault() -> None:
    class Away(Shelf):
        def fetch_file(self, address: str, most_bytes: int) -> bytes:
            raise LabelStudioError("can't be reached")

    with pytest.raises(LabelStudioError, match="can't be reached"):
        TaskPictures(Away()).for_model(AT)
