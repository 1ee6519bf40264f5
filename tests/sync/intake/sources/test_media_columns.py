"""Pictures beside the conversation come to their places; sounds and videos are named."""

import base64
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sync.intake.sources.media_columns import address_of
from tests.small_pictures import GIF, JPEG, WEBP_LOSSY, png
from tests.sync.intake.sources.builders import lines, read, refused, write

Json = dict[str, Any]

PNG = base64.b64decode("iVBORw0KGgo=")
WEB = "https://x.example/{}.png"
YES = {"role": "assistant", "content": "A meter."}


def asked(content: Any) -> list[Json]:
    return [{"role": "user", "content": content}, YES]


def text(words: str) -> Json:
    return {"type": "text", "text": words}


def image(url: str) -> Json:
    return {"type": "image_url", "image_url": {"url": url}}


def content_of(folder: Path, row: Json) -> Any:
    (task,) = read(write(folder, "a.jsonl", lines(row)), last_assistant="keep")
    assert task.data.keys() <= {"messages", "image", "images"}
    return task.data["messages"][0]["content"]


def test_marks_in_the_text_are_the_pictures_places(tmp_path: Path) -> None:
    one, two = WEB.format(1), WEB.format(2)
    row = {"messages": asked("<image>\nWhat is it?<image>"), "images": [one, two]}
    assert content_of(tmp_path, row) == [image(one), text("What is it?"), image(two)]
    row = {"conversations": [{"from": "human", "value": "What? <image>"}], "image": one}
    assert content_of(tmp_path, row) == [text("What? "), image(one)]


def test_an_answer_may_speak_of_marks(tmp_path: Path) -> None:
    """As a page that was written down, with `<image>` where it had one; seen in public reports."""
    said = {"role": "assistant", "content": "![Figure 3](<image>)"}
    row = {"messages": [asked("<image>Write it down.")[0], said], "images": [WEB.format(1)]}
    (task,) = read(write(tmp_path, "a.jsonl", lines(row)), last_assistant="keep")
    assert task.data["messages"] == [
        {"role": "user", "content": [image(WEB.format(1)), text("Write it down.")]},
        said,
    ]


def test_parts_without_an_address_are_places_too(tmp_path: Path) -> None:
    one = WEB.format(1)
    parts = [{"type": "image", "text": None}, {"type": "text", "text": "What is it?"}]
    for held in ([one], [{"path": one, "bytes": None}]):
        row = {"messages": asked(parts), "images": held}
        assert content_of(tmp_path, row) == [image(one), text("What is it?")]


def test_without_a_mark_they_stand_before_the_first_question(tmp_path: Path) -> None:
    one, two = WEB.format(1), WEB.format(2)
    row = {"prompt": "What is it?", "images": [one, two]}
    assert content_of(tmp_path, row) == [image(one), image(two), text("What is it?")]
    held = f"data:image/png;base64,{base64.b64encode(PNG).decode()}"
    row = {"prompt": "What is it?", "image": held}
    assert content_of(tmp_path, row) == [image(held), text("What is it?")]


def test_what_is_no_picture_of_the_conversation_stays_as_it_was(tmp_path: Path) -> None:
    """A column of that name that nothing refers to, a tag that somebody asks about."""
    for row in (
        {"prompt": "How do I close <image>?"},
        {"prompt": "What does it cost?", "image": "shop/1.png"},
        {"prompt": "What does it cost?", "images": []},
    ):
        (task,) = read(write(tmp_path, "a.jsonl", lines(row)))
        assert task.data == {
            "messages": [{"role": "user", "content": row["prompt"]}],
            **{name: value for name, value in row.items() if name != "prompt"},
        }


def test_files_lie_beside_the_source_or_are_named_from_above(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    file = write(folder, "photos/a b.png", PNG)
    for name in ("photos/a b.png", "data/photos/a b.png", str(file), file.as_uri()):
        row = {"messages": asked("<image>"), "images": [name]}
        assert content_of(folder, row) == [image(file.as_uri())]
    assert file.as_uri().endswith("/data/photos/a%20b.png")
    # one that is not there is looked for where it should be
    assert address_of("photos/2.png", folder) == (folder / "photos/2.png").as_uri()


def test_pictures_of_a_table(tmp_path: Path) -> None:
    """As Hugging Face stores them: bytes and name in a column."""
    path = tmp_path / "a.parquet"
    table = pa.table(
        {
            "messages": [asked("<image>What is it?")],
            "images": [[{"bytes": PNG, "path": "1.png"}]],
        }
    )
    pq.write_table(table, path)
    (task,) = read(path, last_assistant="keep")
    picture, words = task.data["messages"][0]["content"]
    assert picture == image(f"data:image/png;base64,{base64.b64encode(PNG).decode()}")
    assert words == text("What is it?")
    sound = table.append_column("sound", pa.array([b"RIFF"], pa.binary()))
    pq.write_table(sound, path)
    assert "column 'sound' holds what a task can't" in refused(path, "row 1")


CANT_SHOW = "which no page can show: say in words what is in it, or remove the conversation"
BAD: dict[str, tuple[Json, str]] = {
    "fewer pictures": (
        {"messages": asked("<image><image>"), "images": [WEB.format(1)]},
        "the conversation has 2 places for a picture (<image>), and 'images' holds 1 picture; "
        "make them equal",
    ),
    "more pictures": (
        {"messages": asked("<image>"), "images": [WEB.format(1)] * 3},
        "the conversation has 1 place for a picture (<image>), and 'images' holds 3 pictures",
    ),
    "none": (
        {"messages": asked("<image>"), "images": []},
        "the conversation has 1 place for a picture (<image>), and 'images' holds 0 pictures",
    ),
    "a number": (
        {"messages": asked("<image>"), "images": [7]},
        "'images': a picture must be the name of a file, an address or a data URI, found int",
    ),
    "nobody asks": (
        {"messages": [YES], "images": [WEB.format(1)]},
        "'images' holds 1 picture, and no turn is the user's; mark their places with <image>",
    ),
    "a sound": (
        {"messages": asked("<audio>What is that?"), "audios": ["1.mp3"]},
        f"message 1 holds a sound (<audio>, of the column 'audios'), {CANT_SHOW}",
    ),
    "a video": (
        {"messages": asked("What is that?<video>"), "videos": ["1.mp4"]},
        f"message 1 holds a video (<video>, of the column 'videos'), {CANT_SHOW}",
    ),
    "videos without a mark": (
        {"prompt": "What is that?", "videos": ["1.mp4"]},
        f"the column 'videos' holds a video, {CANT_SHOW}",
    ),
    "a sound among pictures": (
        {"messages": asked("<image>"), "images": ["data:audio/wav;base64,UklG"]},
        "'images' holds a sound ('audio/wav'), which no page can show",
    ),
    "a picture in a bucket": (
        {"messages": asked("<image>"), "images": ["s3://bucket/a.png"]},
        "'images' holds a picture in Amazon's storage (s3://…)",
    ),
}


@pytest.mark.parametrize(("row", "sentence"), BAD.values(), ids=BAD)
def test_what_has_no_place_is_refused(tmp_path: Path, row: Json, sentence: str) -> None:
    assert refused(write(tmp_path, "a.jsonl", lines(row)), 1).startswith(sentence)


def test_they_are_read_where_other_fields_are_dropped(tmp_path: Path) -> None:
    row = {"prompt": "<image>", "images": [WEB.format(1)], "note": "x", "audios": ["1.mp3"]}
    path = write(tmp_path, "a.jsonl", lines(row))
    assert refused(path, 1, other_fields="drop").startswith("the column 'audios' holds a sound")
    row.pop("audios")
    shop = {"prompt": "What does it cost?", "image": "shop/1.png"}
    (task,) = read(write(tmp_path, "b.jsonl", lines(shop)), other_fields="drop")
    assert task.data.keys() == {"messages"}
    (task,) = read(write(tmp_path, "a.jsonl", lines(row)), other_fields="drop")
    assert task.data == {"messages": [{"role": "user", "content": [image(WEB.format(1))]}]}


def test_base64_without_a_type_before_it_is_a_picture(tmp_path: Path) -> None:
    """As tables hold it, and Ollama beside a message's text."""
    for content, kind in ((png(), "png"), (JPEG, "jpeg"), (GIF, "gif"), (WEBP_LOSSY, "webp")):
        bare = base64.b64encode(content).decode()
        held = image(f"data:image/{kind};base64,{bare}")
        row = {"messages": asked("<image>What is it?"), "images": [bare]}
        assert content_of(tmp_path, row) == [held, text("What is it?")]
        row = {"messages": [{"role": "user", "content": "What is it?", "images": [bare]}, YES]}
        assert content_of(tmp_path, row) == [held, text("What is it?")]


def test_bytes_that_are_no_picture_are_told_as_that(tmp_path: Path) -> None:
    for held, said in ((b"", "no bytes"), (b"BM", "bytes, and no picture in them")):
        table = pa.table({"prompt": ["What?"], "images": [[{"bytes": held, "path": None}]]})
        pq.write_table(table, tmp_path / "a.parquet")
        assert said in refused(tmp_path / "a.parquet", "row 1")
