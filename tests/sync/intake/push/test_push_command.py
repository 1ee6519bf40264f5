"""`labeltune push` as it is typed, without a Label Studio: what it says of rows, and of tasks."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from sync.cli import cli
from sync.common.picture_names import picture_name
from tests.small_pictures import png
from tests.sync.intake.sources.builders import lines, write
from tests.sync.intake.sources.public_folder import FILES, write_folder
from tests.sync.intake.sources.test_public_folder import REFUSED

FEES = "Card: GBP 5.00"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration without a key, so that nothing is asked of anybody."""
    monkeypatch.delenv("LABEL_STUDIO_API_KEY", raising=False)
    configure(tmp_path)
    return tmp_path


def configure(folder: Path, more: str = "") -> None:
    write(folder, "labeltune.toml", f'[label_studio]\nurl = "http://127.0.0.1:1"\n{more}')


def push(folder: Path, path: Path, *options: str) -> Result:
    config = folder / "labeltune.toml"
    return CliRunner().invoke(cli, ["push", "--config", str(config), str(path), *options])


def shown(folder: Path, path: Path, *options: str) -> dict[str, Any]:
    done = push(folder, path, "--dry-run", "--json", *options)
    assert done.exit_code == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


# --- the model that drafts


def test_a_tuned_model_that_is_not_known_here_is_told(folder: Path) -> None:
    """Its drafts would be asked for with a prompt that it never saw, and nobody would know why."""
    path = write(folder, "rows.jsonl", lines({"id": "a", "prompt": "One?"}))
    told = "asked for drafts with the project's full prompt instead of the one that it learned"
    assert told not in push(folder, path, "--dry-run").stderr
    configure(folder, '[llm]\nmodel = "tuned:bank"\n')
    said = push(folder, path, "--dry-run")
    assert f"tuned:bank is {told}: models/ of the data folder has no entry of it" in said.stderr
    assert any(told in note for note in shown(folder, path)["notes"])


# --- rows that can't be pushed

GOOD = {"id": "a", "prompt": "One?"}
BROKEN = [
    ('{"id": "b", "prompt": " "}', "b", "readable", "'prompt' needs text, found nothing"),
    ('{"id": "c", "prompt": null}', "c", "readable", "'prompt' is empty; say what was asked, or"),
    ("not JSON", None, "readable", "not JSON (Expecting value at column 1)"),
    ('{"id": "a", "prompt": "again"}', "a", "readable", "the id 'a' was used at"),
    ('{"prompt": "x", "prompt": "y"}', None, "readable", "the key 'prompt' stands twice"),
    ('{"prompt": "x", "documents": [{}]}', None, "readable", "document 1 needs 'title'"),
    (
        '{"id": "d", "messages": [{"role": "user", "content": "x"}, '
        '{"role": "assistant", "content": "y"}]}',
        "d",
        "usable",
        "the last message must be the user's",
    ),
    ('{"id": "e", "prompt": "x", "categories.topic": "feees"}', "e", "usable", "categories.topic:"),
]
TOPIC = '[categories.topic]\nlabels = ["fees", "cards"]\n[sources]\nlast_assistant = "keep"\n'


def broken(folder: Path, *more: str) -> Path:
    rows = [json.dumps(GOOD), *(row[0] for row in BROKEN), *more]
    return write(folder, "rows.jsonl", "\n".join(rows))


def test_all_broken_rows_are_told_in_one_run(folder: Path) -> None:
    configure(folder, TOPIC)
    path = broken(folder)
    done = push(folder, path)
    assert done.exit_code != 0
    told = done.stderr.splitlines()
    for number, (_, _, _, sentence) in enumerate(BROKEN, start=2):
        assert any(line.startswith(f"{path}, line {number}: {sentence}") for line in told)
    assert len(told) == len(BROKEN)
    file = folder / "labeltune-data" / "broken.jsonl"
    assert str(done.exception) == (
        f"8 of 9 rows can't be used, and nothing was sent; all are listed in {file}: correct them, "
        'or have such rows left out and counted by cleaning.unusable = "drop" in labeltune.toml'
    )
    listed = [json.loads(line) for line in file.read_text().splitlines()]
    assert {(row["id"], row["step"]) for row in listed} == {(b[1], b[2]) for b in BROKEN}
    assert len(listed) == len(BROKEN)


def test_of_very_many_broken_rows_the_first_are_told_and_all_are_listed(folder: Path) -> None:
    done = push(folder, broken(folder, *['{"id": 7}'] * 40))
    told = done.stderr.splitlines()
    assert len(told) == 11
    assert told[-1] == "and 36 more rows like these"
    assert len((folder / "labeltune-data" / "broken.jsonl").read_text().splitlines()) == 46


def test_one_broken_row_is_one_sentence(folder: Path) -> None:
    done = push(folder, write(folder, "rows.jsonl", lines(GOOD, {"id": 1})))
    assert done.stderr == ""
    assert str(done.exception).startswith(f"{folder / 'rows.jsonl'}, line 2: needs one of")


def test_broken_rows_are_dropped_by_option_and_counted(folder: Path) -> None:
    push(folder, broken(folder))
    configure(folder, f'[cleaning]\nunusable = "drop"\n{TOPIC}')
    found = shown(folder, broken(folder))
    assert (found["cleaning"]["read"], found["cleaning"]["kept"]) == (9, 1)
    dropped = {step["step"]: step["dropped"] for step in found["cleaning"]["steps"]}
    assert (dropped["readable"], dropped["usable"]) == (6, 2)
    listed = (folder / "labeltune-data" / "dropped.jsonl").read_text().splitlines()
    assert [json.loads(line)["where"].split()[-1] for line in listed] == list("23456789")
    # what an earlier push was refused for is settled
    assert (folder / "labeltune-data" / "broken.jsonl").read_text() == ""


@pytest.mark.parametrize(
    ("name", "text", "kept"),
    [
        ("a.csv", "prompt,id\na,1\nb\n,3\nd,4\n", 2),
        ("a.json", '[{"prompt": "a"}, "b", {"prompt": ""}, {"prompt": "d"}]', 2),
        ("a.jsonl", '{"prompt": "a"}\n{"prompt":\n"b"\n}\n{"prompt": "c", }\n[]\n', 2),
    ],
)
def test_rows_of_every_kind_of_file_are_dropped(
    folder: Path, name: str, text: str, kept: int
) -> None:
    configure(folder, '[cleaning]\nunusable = "drop"\n')
    found = shown(folder, write(folder, name, text))
    assert (found["cleaning"]["read"], found["cleaning"]["kept"]) == (4, kept)


def test_the_only_task_was_dropped(folder: Path) -> None:
    configure(folder, '[cleaning]\nunusable = "drop"\n')
    done = push(folder, write(folder, "rows.jsonl", "{}\n"), "--dry-run")
    assert done.stdout.splitlines()[-1] == "The only task was dropped: nothing to import"


# --- what the tasks hold

ROWS = [
    {"prompt": "One?", "documents.Fees": FEES, "context.tier": "gold", "channel": "mail"},
    {"prompt": "Two?", "documents": [{"title": "t", "text": "u"}], "channel": "app", "user_id": 1},
    {"prompt": "Three?", "documents.Fees": "", "answers": []},
]


def test_columns_with_a_title_are_documents(folder: Path) -> None:
    table = f"prompt,documents.Fees,documents.More\nOne?,{FEES},\nTwo?,,more\n"
    found = shown(folder, write(folder, "a.csv", table), "--preview", "2")
    assert [task["data"]["documents"] for task in found["preview"]] == [
        [{"title": "Fees", "text": FEES}],
        [{"title": "More", "text": "more"}],
    ]


def test_documents_context_and_unused_fields_are_counted(folder: Path) -> None:
    path = write(folder, "rows.jsonl", lines(*ROWS))
    assert shown(folder, path)["contents"] == {
        "documents": 2,
        "context": 1,
        "drafts": 0,
        "unused": {"channel": 2, "answers": 1},
    }
    said = push(folder, path, "--dry-run").stdout
    assert (
        "Documents in 2 of 3 tasks, context in 1; nothing uses the fields channel (2), answers (1)."
    ) in said.splitlines()
    one = write(folder, "one.jsonl", lines({"prompt": "One?", "documetns.Fees": "x"}))
    assert (
        "Documents in 0 of 1 task, context in 0; nothing uses the field documetns.Fees (1)."
    ) in push(folder, one, "--dry-run").stdout.splitlines()


def test_what_is_dropped_is_not_counted(folder: Path) -> None:
    found = shown(folder, write(folder, "rows.jsonl", lines(ROWS[0], ROWS[0], {"prompt": "b"})))
    assert found["contents"]["documents"] == 1
    assert found["contents"]["unused"] == {"channel": 1}


# --- previews


def test_tasks_are_shown_as_they_would_be_sent(folder: Path) -> None:
    configure(
        folder,
        '[cleaning.redaction]\non = true\n[categories.topic]\nlabels = ["fees", "other"]\n'
        'rules = { fees = ["how much"] }\notherwise = "other"\n'
        '[sources]\nlast_assistant = "draft"\n',
    )
    rows = [
        {
            "id": "a",
            "prompt": "How much?\nMail ann@example.com \x1b[2J",
            "answer": "Five pounds, ann@example.com.",
            "documents.Fees": FEES,
            "context": {"tier": "gold", "tags": ["x"]},
            "channel": "mail",
        },
        {"id": "b", "prompt": "When?"},
        {"id": "c", "prompt": "Where?"},
    ]
    path = write(folder, "rows.jsonl", lines(*rows))
    done = push(folder, path, "--preview", "2")
    assert done.exit_code == 0, done.stderr
    assert done.stdout.splitlines()[:13] == [
        f"--- {path}, line 1 (a)",
        "user: How much?",
        "    Mail <EMAIL_1> [2J",
        "context.tier: gold",
        'context.tags: ["x"]',
        f"document “Fees”: {FEES}",
        "category topic: fees",
        "draft: Five pounds, <EMAIL_1>.",
        "channel: mail",
        "",
        f"--- {path}, line 2 (b)",
        "user: When?",
        "category topic: other",
    ]
    assert "line 3" not in done.stdout
    assert not (folder / "redaction-key.jsonl").exists()
    (one,) = shown(folder, path, "--preview", "1")["preview"]
    assert (one["where"], one["id"]) == (f"{path}, line 1", "a")
    assert one["data"]["labeltune_id"] == "a"
    assert one["data"]["categories"] == {"topic": "fees"}
    assert "<EMAIL_1>" in one["data"]["conversation_html"].replace("&lt;", "<").replace("&gt;", ">")
    assert "<EMAIL_1>" in one["data"]["last_question"]
    assert one["data"]["categorised_as"] == "fees"
    assert "ann@" not in json.dumps(one)


def test_a_preview_may_be_longer_than_the_source(folder: Path) -> None:
    assert (
        len(shown(folder, write(folder, "a.jsonl", lines(GOOD)), "--preview", "9")["preview"]) == 1
    )
    assert push(folder, folder / "a.jsonl", "--preview", "0").exit_code == 2


# --- the field that a split by time needs

BY_TIME = '[split]\nby = "time"\ntime_field = "context.asked"\n'


def test_the_time_of_a_split_is_checked_before_anything_is_sent(folder: Path) -> None:
    configure(folder, BY_TIME)
    stamps = ["2026-03-01T10:00:00+01:00", "2026-03-01", None, "03/04/2026", 1700000000]
    rows = [{"prompt": f"{n}?", "context": {"asked": at}} for n, at in enumerate(stamps)]
    path = write(folder, "rows.jsonl", lines(*rows))
    done = push(folder, path, "--dry-run")
    begin = "split.time_field = 'context.asked' needs a date or time in ISO form there, found"
    assert [line.split(": ", 1)[1].split(";")[0] for line in done.stderr.splitlines()] == [
        f"{begin} nothing",
        f"{begin} a date of which nothing says whether month or day comes first (set "
        'sources.date_format = "%m/%d/%Y" or "%d/%m/%Y")',
        f'{begin} what seems to be seconds since 1970 (set sources.date_format = "epoch")',
    ]


def test_a_format_of_dates_makes_them_iso(folder: Path) -> None:
    for form, value, iso in (
        ("%m/%d/%Y", "03/04/2026", "2026-03-04T00:00:00+00:00"),
        ("%d/%m/%Y", "03/04/2026", "2026-04-03T00:00:00+00:00"),
        ("epoch", 1700000000, "2023-11-14T22:13:20+00:00"),
        ("epoch-ms", "1700000000000", "2023-11-14T22:13:20+00:00"),
    ):
        configure(folder, f'{BY_TIME}[sources]\ndate_format = "{form}"\n')
        row = {"prompt": "a", "context": {"asked": value, "tier": "gold"}}
        found = shown(folder, write(folder, "rows.jsonl", lines(row)), "--preview", "1")
        assert found["preview"][0]["data"]["context"] == {"asked": iso, "tier": "gold"}


def test_a_format_of_dates_without_their_field_is_refused(folder: Path) -> None:
    configure(folder, '[sources]\ndate_format = "epoch"\n')
    done = push(folder, write(folder, "rows.jsonl", lines(GOOD)), "--dry-run")
    assert "sources.date_format says how the field of split.time_field is written" in str(
        done.exception
    )


# --- pictures


def seen(address: str) -> dict[str, Any]:
    parts = [
        {"type": "text", "text": "What is it?"},
        {"type": "image_url", "image_url": {"url": address}},
    ]
    return {"messages": [{"role": "user", "content": parts}]}


def test_a_dry_run_checks_pictures_and_tells_nothing_of_this_machine(folder: Path) -> None:
    write(folder, "img/card.png", png())
    rows = lines(seen("img/card.png"), seen("https://example.org/a.png"))
    found = shown(folder, write(folder, "rows.jsonl", rows), "--preview", "2")
    (_, picture), (_, web) = (row["data"]["messages"][0]["content"] for row in found["preview"])
    name = picture_name(png())
    assert picture["image_url"]["url"] == f"picture:{name}"
    assert picture["name"] == "img/card.png"
    assert web["image_url"]["url"] == "https://example.org/a.png"
    assert str(folder) not in json.dumps([row["data"] for row in found["preview"]])
    assert "[picture] img/card.png" in push(folder, folder / "rows.jsonl", "--preview", "1").stdout
    assert any(note.startswith("pictures at addresses of the web: 1;") for note in found["notes"])


def test_pictures_that_no_page_could_show_are_broken_rows(folder: Path) -> None:
    write(folder, "a.png", "<html>")
    write(folder.parent, "outside.png", png())
    rows = lines(seen("a.png"), GOOD, seen("gone.png"), seen("../outside.png"))
    path = write(folder, "rows.jsonl", rows)
    done = push(folder, path)
    expected = {
        1: "must be a picture (PNG, JPEG, GIF or WebP), found something else",
        3: "is not there",
        4: "lies outside of the source's folder",
    }
    told = done.stderr.splitlines()
    assert len(told) == len(expected)
    for (number, sentence), line in zip(expected.items(), told, strict=True):
        assert line.startswith(f"{path}, line {number}: picture 1, ")
        assert sentence in line
    configure(folder, '[cleaning]\nunusable = "drop"\n[sources.pictures]\noutside = true\n')
    assert shown(folder, path)["cleaning"]["kept"] == 2


def test_a_pictures_name_is_redacted_and_the_picture_still_found(folder: Path) -> None:
    configure(folder, "[cleaning.redaction]\non = true\n")
    write(folder, "img/anna@example.org.png", png())
    found = shown(
        folder,
        write(folder, "rows.jsonl", lines(seen("img/anna@example.org.png"))),
        "--preview",
        "1",
    )
    _, picture = found["preview"][0]["data"]["messages"][0]["content"]
    assert "anna" not in json.dumps(found["preview"])
    assert "<EMAIL_1>" in picture["name"]
    assert picture["image_url"]["url"] == f"picture:{picture_name(png())}"


# --- a folder as LLaMA-Factory keeps it


def test_each_of_its_files_is_pushed_or_refused_row_by_row(folder: Path) -> None:
    """Pictures are looked for, too, and every row that can't be sent is told by its reason."""
    data = write_folder(folder)
    configure(folder, '[cleaning]\nunusable = "drop"\n')
    for name, rows in FILES.items():
        refused = REFUSED.get(name, {})
        said = shown(folder, data / name)
        assert said["cleaning"]["kept"] == len(rows) - len(refused), name
        dropped = folder / "labeltune-data" / "dropped.jsonl"
        reasons = [json.loads(line)["reason"] for line in dropped.read_text().splitlines()]
        assert len(reasons) == len(refused), name
        for reason, sentence in zip(reasons, refused.values(), strict=True):
            assert reason.startswith(sentence)


HALF = "\\ud83d"  # of a character, as logs that were cut have it
HALVES: dict[str, dict[str, Any]] = {
    "arguments": {
        "messages": [
            {"role": "user", "content": "Write."},
            {
                "role": "assistant",
                "tool_calls": [{"name": "mail", "arguments": f'{{"to": "a@b.org {HALF}"}}'}],
            },
            {"role": "tool", "content": f'["a@b.org {HALF}"]'},
        ]
    },
    "packed results": {
        "conversations": [
            {"from": "human", "value": "Write."},
            {"from": "function_call", "value": '[{"name": "a"}, {"name": "b"}]'},
            {"from": "observation", "value": f'[{{"x": "{HALF}"}}, {{"y": 1}}]'},
        ]
    },
}


@pytest.mark.parametrize("name", HALVES)
def test_half_a_character_in_the_json_of_a_tool_can_be_sent(folder: Path, name: str) -> None:
    configure(folder, "[cleaning.redaction]\non = true\n")
    done = push(folder, write(folder, "a.jsonl", lines(HALVES[name])), "--preview", "1")
    assert done.exit_code == 0, done.exception
    assert "a@b.org" not in done.stdout and "ud83d" in done.stdout


def test_half_a_character_in_a_call_of_sharegpt_is_told(folder: Path) -> None:
    said = f'{{"name": "mail", "arguments": {{"to": "{HALF}"}}}}'
    turns = [{"from": "human", "value": "Write."}, {"from": "function_call", "value": said}]
    turns.append({"from": "observation", "value": "ok"})
    done = push(folder, write(folder, "a.jsonl", lines({"conversations": turns})), "--preview", "1")
    assert "line 1: message 2 has tool_calls that are no list of calls" in str(done.exception)
