"""Personal data that people type: found by check, and refused, redacted or kept by export."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

import label_configs
from label_configs.chat_response import ChatResponse
from label_configs.content import ToolCall
from sync.common.errors import ExportError
from sync.dataset.release.export import export
from sync.dataset.release.export_report import ExportReport, ExportRequest
from sync.dataset.release.restoring import restore_file
from sync.intake.redaction.key_file import KeyFile
from sync.quality.check import check
from sync.settings import Config
from sync.settings.cleaning import CleaningSection
from sync.settings.export import ExportSection
from sync.settings.redaction import PatternSection, RedactionSection
from sync.table.task_rows import TaskRow
from sync.table.task_table import TaskTable
from tests.sync.builders import annotation, config_in, drafted, result, task_row
from tests.sync.quality.test_check import FakeEncoder

MAIL, PHONE, TYPED = "ada@example.com", "+44 20 7946 0018", "bob@example.org"
ORDER = PatternSection(name="ORDER", regex=r"\bA-\d{6}\b")


def configured(folder: Path, mode: str = "refuse", *, on: bool = True, **redaction: Any) -> Config:
    section = RedactionSection(on=on, patterns=(ORDER,), **redaction)
    return config_in(folder).model_copy(
        update={
            "cleaning": CleaningSection(redaction=section),
            "export": ExportSection(personal_data=mode),  # type: ignore[arg-type]
        }
    )


def store(config: Config, *rows: TaskRow) -> None:
    TaskTable(config.data_dir / "tasks").apply(7, rows)


def answered(task_id: int, answer: str, draft: str = "", **data: Any) -> TaskRow:
    """A task with an answer, which was written anew where there is a draft."""
    drafts = [drafted(task_id * 100, draft)] if draft else []
    made = annotation(
        task_id * 10,
        result(answer, verdict="rewrite" if draft else "accept"),
        parent_prediction=task_id * 100 if draft else None,
    )
    return task_row(task_id, [made], drafts, labeltune_id=f"id-{task_id}", **data)


def asked(text: str) -> list[dict[str, str]]:
    return [{"role": "user", "content": text}]


def exported(config: Config, *formats: str) -> tuple[ExportReport, list[list[str]]]:
    report = export(config, ExportRequest(formats or ["openai-chat"]))
    lines = (Path(report.path) / report.files[0].file).read_text(encoding="utf-8").splitlines()
    turns = [json.loads(line).get("messages", []) for line in lines]
    return report, [[turn["content"] for turn in each] for each in turns]


def findings(config: Config) -> list[dict[str, Any]]:
    report = check(config, load=lambda name: FakeEncoder())
    lines = Path(report.path).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if "contradiction" not in line]


def typed_by_people(config: Config) -> None:
    store(
        config,
        answered(1, "Good day.", messages=asked("Hello, I am <EMAIL_1>.")),
        answered(2, f"Write to {TYPED} please.", messages=asked("Where, <EMAIL_1>?")),
        answered(3, f"Call {PHONE} or {PHONE}, <EMAIL_1>.", messages=asked("I am <EMAIL_1>.")),
    )


def test_export_refuses_and_names_the_tasks(tmp_path: Path) -> None:
    config = configured(tmp_path)
    typed_by_people(config)
    with pytest.raises(ExportError) as error:
        exported(config)
    said = str(error.value)
    assert "personal data in 2 finished tasks (e-mail address, phone number)" in said
    assert "/projects/7/data?task=2, http://127.0.0.1:8080/projects/7/data?task=3;" in said
    assert "nothing was written" in said
    assert 'export.personal_data = "redact" or "keep"' in said
    assert TYPED not in said
    assert PHONE not in said
    assert not (config.data_dir / "exports").exists()


def test_check_finds_them_with_the_page_and_never_the_value(tmp_path: Path) -> None:
    config = configured(tmp_path)
    typed_by_people(config)
    found = findings(config)
    assert [(f["kind"], f["severity"], f["task_id"], f["annotation_id"]) for f in found] == [
        ("personal_data", "error", 2, 20),
        ("personal_data", "error", 3, 30),
    ]
    assert found[0]["message"].startswith("personal data in the answer: e-mail address;")
    assert found[1]["url"] == "http://127.0.0.1:8080/projects/7/data?task=3"
    text = json.dumps(found)
    assert TYPED not in text
    assert PHONE not in text


def test_one_thing_is_told_as_one(tmp_path: Path) -> None:
    config = configured(tmp_path, "redact")
    store(
        config,
        answered(1, f"Write to {TYPED} please.", messages=asked("Where?")),
        *(answered(i, f"<think>Hm.</think> {i}</think>", messages=asked(f"{i}?")) for i in (2, 3)),
    )
    report, _ = exported(config)
    (note,) = report.notes
    assert note.startswith("1 new placeholder for personal data in 1 finished task; ")
    assert note.endswith(" keeps what it stands for.")
    assert [warning for warning in report.warnings if warning.endswith("(1 line more)")]
    assert not [warning for warning in report.warnings if "1 lines" in warning]


def test_redacted_by_option_with_the_key_file_of_push(tmp_path: Path) -> None:
    config = configured(tmp_path, "redact")
    typed_by_people(config)
    with KeyFile(tmp_path / "redaction-key.jsonl") as key_file:
        for task in (1, 2, 3):
            key_file.add(f"id-{task}", {"<EMAIL_1>": MAIL})
    report, turns = exported(config)
    assert [answer for _, answer in turns] == [
        "Good day.",
        "Write to <EMAIL_2> please.",
        "Call <PHONE_1> or <PHONE_1>, <EMAIL_1>.",
    ]
    (note,) = report.notes
    assert note.startswith("2 new placeholders for personal data in 2 finished tasks; ")
    whole = io.StringIO()
    file = Path(report.path) / "openai-chat.jsonl"
    secrets = KeyFile(tmp_path / "redaction-key.jsonl").secrets()
    assert restore_file(file, secrets, whole).left == 0
    assert f"Write to {TYPED} please." in whole.getvalue()
    assert f"Call {PHONE} or {PHONE}, {MAIL}." in whole.getvalue()
    assert {f["severity"] for f in findings(config)} == {"warning"}


def test_the_same_export_again_gives_the_same_bytes_and_keeps_nothing_twice(tmp_path: Path) -> None:
    config = configured(tmp_path, "redact")
    typed_by_people(config)
    first, _ = exported(config)
    kept = (tmp_path / "redaction-key.jsonl").read_bytes()
    with KeyFile(tmp_path / "redaction-key.jsonl") as key_file:
        key_file.add("id-2", {"<EMAIL_1>": MAIL})  # as a push between two exports
        key_file.add("id-2", {"<EMAIL_1>": MAIL})
    again, _ = exported(config)
    assert again.release == first.release
    assert not again.written
    now = (tmp_path / "redaction-key.jsonl").read_bytes()
    assert now.startswith(kept)
    assert now.count(b'"id-2"') == kept.count(b'"id-2"') + 1


def test_a_value_of_the_task_gets_its_placeholder_again(tmp_path: Path) -> None:
    config = configured(tmp_path, "redact")
    with KeyFile(tmp_path / "redaction-key.jsonl") as key_file:
        key_file.add("id-1", {"<EMAIL_4>": MAIL, "<NAME_1>": "Lovelace"})
    store(config, answered(1, f"{MAIL}, Ms Lovelace", messages=asked("I am <EMAIL_4>, <NAME_1>")))
    _, ((_, answer),) = exported(config)
    assert answer == "<EMAIL_4>, Ms <NAME_1>"


def test_kept_where_that_is_asked_for(tmp_path: Path) -> None:
    config = configured(tmp_path, "keep")
    typed_by_people(config)
    _, turns = exported(config)
    assert turns[1][-1] == f"Write to {TYPED} please."
    assert findings(config) == []


def test_a_task_that_was_pushed_before_redaction_was_on(tmp_path: Path) -> None:
    store_in = configured(tmp_path)
    store(store_in, answered(1, "Done.", messages=asked(f"I am {MAIL}, {PHONE}")))
    (found,) = findings(store_in)
    assert "in the task itself" in found["message"]
    with pytest.raises(ExportError, match="e-mail address, phone number"):
        exported(store_in)
    _, turns = exported(configured(tmp_path, "redact"))
    assert turns == [["I am <EMAIL_1>, <PHONE_1>", "Done."]]


def test_without_redaction_only_what_the_answer_adds_counts(tmp_path: Path) -> None:
    config = configured(tmp_path, on=False)
    own = answered(1, "Call 44-20-7946-0018.", messages=asked("hi"), context={"phone": PHONE})
    store(config, own)
    assert findings(config) == []
    exported(config)
    store(config, answered(1, f"Write to {MAIL.upper()}.", messages=asked(f"I am {MAIL}")))
    assert findings(config) == []
    exported(config)
    store(config, answered(1, f"Write to {TYPED}.", messages=asked(f"I am {MAIL}")))
    assert [f["kind"] for f in findings(config)] == ["personal_data"]
    with pytest.raises(ExportError, match="e-mail address"):
        exported(config)


def test_pages_and_guidelines_are_no_personal_data_of_an_answer(tmp_path: Path) -> None:
    config = configured(tmp_path)
    text = "See https://example.com/fees or 192.168.0.1."
    store(config, answered(1, text, guidelines=f"Our hot line is {PHONE}."))
    assert findings(config) == []
    exported(config)
    named = configured(tmp_path, entities=("URL",))
    assert [f["kind"] for f in findings(named)] == ["personal_data"]


def test_what_is_allowed_stays(tmp_path: Path) -> None:
    config = configured(tmp_path, allow=(PHONE, TYPED))
    typed_by_people(config)
    assert findings(config) == []
    exported(config)


def test_a_placeholder_that_the_model_invented(tmp_path: Path) -> None:
    config = configured(tmp_path)
    with KeyFile(tmp_path / "redaction-key.jsonl") as key_file:
        key_file.add("id-3", {"<EMAIL_7>": MAIL})
    store(
        config,
        answered(1, "Your order <ORDER_2> is sent.", messages=asked("Where is <ORDER_1>?")),
        answered(2, "Your order <ORDER_1> is sent.", messages=asked("Where is <ORDER_1>?")),
        answered(3, "Write to <EMAIL_7>."),
    )
    (found,) = findings(config)
    assert (found["kind"], found["severity"], found["task_id"]) == (
        "invented_placeholder",
        "error",
        1,
    )
    assert found["message"].startswith("<ORDER_2> in the answer stands for nothing")
    report, turns = exported(config)
    assert turns[0][-1] == "Your order <ORDER_2> is sent."
    (warning,) = [w for w in report.warnings if "placeholders" in w]
    assert "stand for nothing in 1 finished task" in warning
    assert warning.count("data?task=") == 1


def test_what_only_the_draft_says_stops_no_release(tmp_path: Path) -> None:
    config = configured(tmp_path)
    store(config, answered(1, "We call you back.", f"Call {PHONE} at once."))
    (found,) = findings(config)
    assert found["severity"] == "warning"
    assert "in the draft alone" in found["message"]
    report, _ = exported(config, "openai-preference")
    assert any("in the draft alone" in w for w in report.warnings)
    redacting = configured(tmp_path, "redact")
    report = export(redacting, ExportRequest(["openai-preference"]))
    written = (Path(report.path) / "openai-preference.jsonl").read_text()
    assert PHONE not in written
    assert "<PHONE_1>" in written


def test_in_other_languages_and_glued_to_words(tmp_path: Path) -> None:
    config = configured(tmp_path, "redact")
    store(
        config,
        answered(1, "请致电+86 138 0013 8000咨询"),
        answered(2, "ruf +4917112345678und dann an"),
        answered(3, f"почта{TYPED}и всё"),
    )
    _, turns = exported(config)
    assert [answer for _, answer in turns] == [
        "请致电<PHONE_1>咨询",
        "ruf <PHONE_1>und dann an",
        "почта<EMAIL_1>и всё",
    ]


def test_a_task_that_push_gave_no_id_is_restored_too(tmp_path: Path) -> None:
    config = configured(tmp_path, "redact", on=False)
    store(config, task_row(5, [annotation(50, result(f"Write to {TYPED}."))]))
    report, ((_, answer),) = exported(config)
    assert answer == "Write to <EMAIL_1>."
    whole = io.StringIO()
    secrets = KeyFile(tmp_path / "redaction-key.jsonl").secrets()
    restore_file(Path(report.path) / "openai-chat.jsonl", secrets, whole)
    assert TYPED in whole.getvalue()


def test_without_a_key_file_it_is_said_that_nothing_is_kept(tmp_path: Path) -> None:
    config = configured(tmp_path, "redact", key_file="")
    typed_by_people(config)
    report, _ = exported(config)
    assert any("no key file keeps what they stand for" in note for note in report.notes)
    assert not (tmp_path / "redaction-key.jsonl").exists()


def test_every_format_is_free_of_it(tmp_path: Path) -> None:
    config = configured(tmp_path, "redact")
    store(
        config,
        answered(1, f"Write to {TYPED}.", f"Call {PHONE}.", context={"phone": "467 3395"}),
        answered(2, f"Ring {PHONE}, not 467 3395.", context={"phone": "467 3395", "fax": 4673395}),
    )
    report = export(config, ExportRequest(["all"]))
    assert len(report.files) > 5
    for file in report.files:
        text = (Path(report.path) / file.file).read_text(encoding="utf-8")
        assert not any(value in text for value in (TYPED, PHONE, "467 3395", "4673395")), file.file


def test_calls_results_and_reasoning_are_redacted_and_stay_json(tmp_path: Path) -> None:
    config = configured(tmp_path, "redact")
    arguments = f'{{"phone": 99668472, "mail": "{TYPED}"}}'
    function = {"name": "look_up", "arguments": arguments}
    said = [
        *asked("Who is it?"),
        {
            "role": "assistant",
            "content": "",
            "tool_calls": [{"id": "c", "type": "function", "function": function}],
            "reasoning_content": f"I ask for {PHONE}.",
        },
        {"role": "tool", "tool_call_id": "c", "content": f'{{"phone": 99668472, "at": "{MAIL}"}}'},
        *asked("And?"),
    ]
    tools = [{"type": "function", "function": {"name": "look_up"}}]
    store(config, answered(1, "It is known.", messages=said, tools=tools))
    for name in ("openai-chat", "trl-prompt-completion"):
        report, _ = exported(config, name)
        file = Path(report.path) / f"{name}.jsonl"
        (text,) = file.read_text(encoding="utf-8").splitlines()
        assert not any(value in text for value in (TYPED, PHONE, MAIL, "99668472"))
        _, call, result, *_ = (line := json.loads(text)).get("messages", line.get("prompt"))
        held = call["tool_calls"][0]["function"]["arguments"]
        held = json.loads(held) if isinstance(held, str) else held
        assert held == {"phone": "<PHONE_1>", "mail": "<EMAIL_1>"}
        assert json.loads(result["content"]) == {"phone": "<PHONE_1>", "at": "<EMAIL_2>"}
        whole = io.StringIO()
        known = KeyFile(tmp_path / "redaction-key.jsonl").secrets()
        assert restore_file(file, known, whole).left == 0
        assert "99668472, " in whole.getvalue().replace('\\"', '"').replace(",", ", ")


def test_a_number_in_a_call_is_refused(tmp_path: Path) -> None:
    config = configured(tmp_path)
    function = {"name": "look_up", "arguments": '{"phone": 99668472}'}
    call = {"id": "c", "type": "function", "function": function}
    said = [
        *asked("Who is it?"),
        {"role": "assistant", "content": "", "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c", "content": ""},
        *asked("And?"),
    ]
    store(config, answered(1, "It is known.", messages=said))
    with pytest.raises(ExportError, match=r"personal data in 1 finished task \(phone number\)"):
        exported(config)


@pytest.mark.parametrize("mode", ["refuse", "redact"])
def test_what_an_expert_typed_into_a_call(tmp_path: Path, mode: str) -> None:
    config = configured(tmp_path, mode)
    typed = ChatResponse(
        calls=(ToolCall("look_up", f'{{"fax": "467 3395", "to": "{TYPED}"}}'),),
        reasoning=f"{PHONE} is hers.",
        verdict="edit",
    )
    made = annotation(10, label_configs.load("chat_response").encode(typed))
    tools = [{"type": "function", "function": {"name": "look_up"}}]
    store(config, task_row(1, [made], labeltune_id="id-1", tools=tools))
    if mode == "refuse":
        with pytest.raises(ExportError, match=r"\(e-mail address, phone number\)"):
            exported(config)
        return
    config = config.model_copy(
        update={"export": ExportSection(personal_data="redact", reasoning="reasoning_content")}
    )
    report, _ = exported(config)
    (text,) = (Path(report.path) / "openai-chat.jsonl").read_text(encoding="utf-8").splitlines()
    turn = json.loads(text)["messages"][-1]
    (call,) = turn["tool_calls"]
    assert json.loads(call["function"]["arguments"]) == {"fax": "<PHONE_1>", "to": "<EMAIL_1>"}
    assert turn["reasoning_content"] == "<PHONE_2> is hers."
