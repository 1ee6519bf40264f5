"""`labeltune export` of tasks with pictures: fetched once, in the lines or beside them, kept."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from connectors.pictures import data_uri
from sync.common.errors import ExportError
from sync.common.picture_names import picture_name
from sync.dataset.release.export import export
from sync.dataset.release.export_report import ALL, ExportReport, ExportRequest
from sync.dataset.release.places import UploadedRelease
from sync.settings import Config
from sync.table.data_folder import LocalFolder
from sync.table.task_table import TaskTable
from sync.training_files.manifest.stored_release import read_release
from sync.training_files.validation.validate import Options, validate
from tests.ml_backend.http_double import HTTPDouble, Reply, Request, http_double
from tests.small_pictures import JPEG, png
from tests.sync.builders import annotation, config_in, result, task_row

CARD, NAME = png(), picture_name(png())
CARD_AT, GONE_AT = f"/data/upload/7/1a2b3c4d-{NAME}", f"/data/upload/7/00000000-{'0' * 32}.png"
WEB = "https://example.org/cat.jpg"
FORMATS = ["openai-chat", "sharegpt", "trl-language-modeling"]


def served(request: Request) -> Reply:
    if request.path == CARD_AT:
        return Reply(CARD)
    return Reply("gone", 404)


@pytest.fixture
def label_studio() -> Iterator[HTTPDouble]:
    with http_double(served) as double:
        yield double


def config_of(folder: Path, url: str, *addresses: str) -> Config:
    """A table with a finished task for each address."""
    config = config_in(folder, url=url)
    rows = [
        task_row(i, [annotation(i * 10, result(f"Answer {i}."))], messages=[asked(i, at)])
        for i, at in enumerate(addresses, start=1)
    ]
    TaskTable(config.data_dir / "tasks").apply(7, rows)
    return config


def asked(number: int, address: str) -> dict[str, Any]:
    picture = {"type": "image_url", "image_url": {"url": address}, "name": "secret.png"}
    return {"role": "user", "content": [{"type": "text", "text": f"What is {number}?"}, picture]}


def lines(report: ExportReport, name: str) -> list[dict[str, Any]]:
    text = (Path(report.path) / f"{name}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def test_each_format_has_them_and_the_release_can_be_made_again_without_label_studio(
    tmp_path: Path, label_studio: HTTPDouble
) -> None:
    config = config_of(tmp_path, label_studio.url, CARD_AT, CARD_AT, GONE_AT, WEB)
    first = export(config, ExportRequest(FORMATS))
    assert [request.path for request in label_studio.requests].count(CARD_AT) == 1
    folder = Path(first.path)
    chat = [line["messages"][0]["content"][1]["image_url"] for line in lines(first, "openai-chat")]
    assert chat == [{"url": data_uri(CARD)}, {"url": data_uri(CARD)}, {"url": WEB}]
    for name in ("sharegpt", "trl-language-modeling"):
        assert [line["images"] for line in lines(first, name)] == [[f"images/{NAME}"]] * 2
    assert (folder / "images" / NAME).read_bytes() == CARD
    assert set(first.left_out) == set(FORMATS)
    assert "longer has" in str(first.left_out["openai-chat"])
    assert "embed" in str(first.left_out["sharegpt"])
    everything = "".join(p.read_text() for p in folder.iterdir() if p.is_file())
    assert "secret.png" not in everything and "upload" not in everything
    stored = read_release(folder)
    assert stored.intact and [each["file"] for each in stored.manifest["pictures"]] == [
        f"images/{NAME}"
    ]
    found = (rule for file in validate([folder], Options()).files for rule in file.rules)
    errors = {rule.rule for rule in found if rule.severity == "error"}
    assert errors <= {"examples"}, "there are few, and nothing else is wrong"
    label_studio.requests.clear()
    again = export(config, ExportRequest(FORMATS, tmp_path / "again"))
    assert again.release == first.release
    assert not [request for request in label_studio.requests if request.path == CARD_AT]
    assert (tmp_path / "again" / "images" / NAME).read_bytes() == CARD


def test_one_who_holds_no_key_can_export_what_was_fetched(tmp_path: Path) -> None:
    with http_double(served) as double:
        config = config_of(tmp_path, double.url, CARD_AT)
        first = export(config, ExportRequest(["openai-chat"]))
    keyless = config.model_copy(update={"api_key": None})
    assert export(keyless, ExportRequest(["openai-chat"])).release == first.release


def test_pictures_of_the_web_are_part_of_the_release_by_option(tmp_path: Path) -> None:
    with http_double(lambda _: Reply(JPEG)) as web, http_double(served) as double:
        config = config_of(tmp_path, double.url, f"{web.url}/cat.jpg")
        linked = export(config, ExportRequest(["openai-chat"]))
        assert not web.requests
        export_section = config.export.model_copy(update={"pictures": "embed"})
        config = config.model_copy(update={"export": export_section})
        embedded = export(config, ExportRequest(FORMATS))
        assert len(web.requests) == 1
        assert "authorization" not in web.requests[0].headers
    (line,) = lines(linked, "openai-chat")
    assert line["messages"][0]["content"][1]["image_url"]["url"] == f"{web.url}/cat.jpg"
    (line,) = lines(embedded, "openai-chat")
    assert line["messages"][0]["content"][1]["image_url"]["url"] == data_uri(JPEG)
    assert (Path(embedded.path) / "images" / picture_name(JPEG)).read_bytes() == JPEG


def test_a_folder_with_a_picture_of_somebody_elses_is_left_alone(tmp_path: Path) -> None:
    with http_double(served) as double:
        config = config_of(tmp_path, double.url, CARD_AT)
        out = tmp_path / "out"
        export(config, ExportRequest(["sharegpt"], out))
        (out / "images" / "mine.png").write_bytes(CARD)
        (out / "sharegpt.jsonl").write_text("changed")  # so that it would be written anew
        with pytest.raises(
            ExportError, match=r"holds 'images/mine.png', which no export put there"
        ):
            export(config, ExportRequest(["sharegpt"], out))


def test_in_an_object_store_they_lie_in_the_release_too(tmp_path: Path) -> None:
    store = LocalFolder(tmp_path / "store")
    with http_double(served) as double:
        config = config_of(tmp_path, double.url, CARD_AT)
        export(config, ExportRequest(["sharegpt"], tmp_path / "out"))
    place = UploadedRelease(store)
    assert place.publish(tmp_path / "out")
    name = place.path.rpartition("/")[2]
    assert store.read(f"exports/{name}/images/{NAME}") == CARD
    assert not place.publish(tmp_path / "out")


def test_no_format_tells_the_names_that_pictures_had(tmp_path: Path) -> None:
    with http_double(served) as double:
        config = config_of(tmp_path, double.url, CARD_AT)
        report = export(config, ExportRequest([ALL]))
    files = [path for path in Path(report.path).rglob("*") if path.is_file()]
    assert len([path for path in files if path.suffix == ".jsonl"]) > 5
    held = b"".join(path.read_bytes() for path in files)
    assert b"secret.png" not in held and b"1a2b3c4d" not in held
