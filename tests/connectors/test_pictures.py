"""Pictures by their bytes, whatever their names say."""

import base64

import pytest

from connectors.pictures import (
    PictureError,
    checked,
    data_uri,
    held_in,
    is_data_uri,
    kind_of,
    pixels_of,
)
from tests import small_pictures as made

ALL = {
    "PNG": [made.png()],
    "JPEG": [made.JPEG],
    "GIF": [made.GIF],
    "WebP": [made.WEBP_LOSSY, made.WEBP_LOSSLESS, made.WEBP_WITH_ALPHA],
}


@pytest.mark.parametrize("name", ALL)
def test_a_picture_is_known_by_its_bytes(name: str) -> None:
    for content in ALL[name]:
        kind = checked(content, len(content), 40)
        assert kind.name == name
        assert pixels_of(content) == (40, 30)
        uri = data_uri(content)
        assert uri.startswith(f"data:image/{name.lower()};base64,")
        assert is_data_uri(uri)
        assert held_in(uri) == content


def test_pixels_of_what_is_cut_off_are_not_known() -> None:
    for contents in ALL.values():
        for content in contents:
            assert {pixels_of(content[:end]) for end in range(len(content))} <= {None, (40, 30)}
            assert pixels_of(content[:9]) is None


@pytest.mark.parametrize(
    ("content", "most_bytes", "longest_side", "said"),
    [
        (b"", 99, 99, "must be a picture (PNG, JPEG, GIF or WebP), found an empty file"),
        (b"%PDF-1.7", 99, 99, "found something else"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", 99, 99, "found something else"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", 99, 99, "found something else"),
        (made.png() + b" " * 3_000_000, 2_000_000, 99, "has 3 MB, and at most 2 are taken"),
        (made.JPEG, 999, 39, "has 40 x 30 pixels, and at most 39 a side are taken"),
    ],
    ids=["empty", "pdf", "svg", "wave", "large", "long"],
)
def test_what_a_model_would_not_take_is_refused(
    content: bytes, most_bytes: int, longest_side: int, said: str
) -> None:
    with pytest.raises(PictureError) as refused:
        checked(content, most_bytes, longest_side)
    assert said in str(refused.value)


def test_a_data_uri_is_read_whatever_blanks_and_parameters_it_has() -> None:
    written = base64.encodebytes(made.JPEG).decode()
    assert held_in(f"data:image/JPEG;charset=x;base64,{written}") == made.JPEG
    for broken in ("data:image/png;base64,a?b=", "data:text/html;base64,AA==", "data:image/png,x"):
        with pytest.raises(PictureError):
            held_in(broken)
    with pytest.raises(PictureError, match="is no PNG, JPEG"):
        data_uri(b"<html>")
    assert kind_of(b"GIF88a") is None


@pytest.mark.parametrize(
    ("whole", "kept"),
    [(made.png(), 40), (made.JPEG, 60), (made.JPEG, -2), (made.WEBP_LOSSY, 50)],
)
def test_a_file_that_is_cut_short_is_refused(whole: bytes, kept: int) -> None:
    checked(whole, 1_000_000, 100)
    checked(whole + b"written behind it", 1_000_000, 100)
    with pytest.raises(PictureError, match="cut short"):
        checked(whole[:kept], 1_000_000, 100)


def test_the_end_of_a_small_picture_within_a_jpeg_is_not_its_own() -> None:
    small = b"\xff\xd8\xff\xda..\xff\xd9"
    cut = b"\xff\xd8\xff\xe1" + (2 + len(small)).to_bytes(2, "big") + small + made.JPEG[2:-2]
    with pytest.raises(PictureError, match="cut short"):
        checked(cut, 1_000_000, 100)
    checked(cut + b"\xff\xd9", 1_000_000, 100)
