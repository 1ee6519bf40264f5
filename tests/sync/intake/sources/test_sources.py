"""JSONL and CSV: what they may hold, whose ids they are, and refusals that name file and line."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.common.errors import SourceError
from sync.intake.sources import SourceTask
from tests.sync.intake.sources.builders import QUESTION, lines, read, refused, said, write

# --- JSONL


@pytest.mark.parametrize("name", ["a.jsonl", "a.ndjson", "A.JSONL"])
def test_jsonl(tmp_path: Path, name: str) -> None:
    path = write(
        tmp_path,
        name,
        lines(
            {"id": "x", "messages": QUESTION, "context": {"tier": "gold"}, "source": "mail"},
            {"id": 7, "prompt": "Hello?", "note": None},
            {"prompt": "Hello again?"},
        ),
    )
    assert read(path) == [
        SourceTask(
            "x",
            {"messages": QUESTION, "context": {"tier": "gold"}, "source": "mail"},
            f"{path}, line 1",
        ),
        SourceTask("7", {"messages": [{"role": "user", "content": "Hello?"}]}, f"{path}, line 2"),
        SourceTask(
            None, {"messages": [{"role": "user", "content": "Hello again?"}]}, f"{path}, line 3"
        ),
    ]
    assert said(path) == [f"{path}: JSONL, 3 rows (chat 1, prompt 2)"]


def test_blank_lines_are_skipped_and_counted(tmp_path: Path) -> None:
    path = write(tmp_path, "a.jsonl", '\n{"prompt": "a"}\n  \n\r\n{"prompt": "b"}')
    assert [task.where for task in read(path)] == [f"{path}, line 2", f"{path}, line 5"]


def test_a_byte_order_mark_is_no_content(tmp_path: Path) -> None:
    jsonl = write(tmp_path, "a.jsonl", b"\xef\xbb\xbf" + lines({"prompt": "a"}).encode())
    listed = write(tmp_path, "a.json", b'\xef\xbb\xbf[{"prompt": "a"}]')
    table = write(tmp_path, "a.csv", b"\xef\xbb\xbfprompt\na\n")
    assert [task.data["messages"] for task in read(jsonl, listed, table)] == [
        [{"role": "user", "content": "a"}]
    ] * 3


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv"])
def test_an_empty_file(tmp_path: Path, name: str) -> None:
    path = write(tmp_path, name, "")
    if name.endswith("csv"):
        assert "no column 'prompt' (found no header)" in refused(path, 1)
    else:
        assert read(path) == []
        assert said(path) == [f"{path}: JSONL, 0 rows"]


GOOD = '{"prompt": "a"}\n'
BAD_LINES = {
    "not JSON": ("{'prompt': 'b'}", "not JSON (Expecting property name"),
    "cut off": ('{"prompt": "b', "not JSON (Unterminated string starting at column 12)"),
    "two objects": ('{"prompt": "b"} {}', "not JSON (Extra data at column 17)"),
    "a list": ('["b"]', "expected an object, found a list"),
    "null": ("null", "expected an object, found null"),
    "NaN": ('{"prompt": "b", "context": {"n": NaN}}', "JSON that Label Studio would refuse ("),
    "endless": (
        '{"prompt": "b", "context": {"n": 1e999}}',
        "JSON that Label Studio would refuse (",
    ),
    "half an emoji": (r'{"prompt": "b \ud83d"}', "JSON that Label Studio would refuse ("),
    "a number too long": ('{"prompt": "b", "n": ' + "1" * 5000 + "}", "JSON that Label Studio"),
    "too deep": ("[" * 100_000, "JSON that Label Studio would refuse ("),
    "no prompt": (
        '{"id": 1, "text": "b"}',
        "needs one of 'messages' (chat), 'conversations' (ShareGPT), 'contents' (Gemini), "
        "'instruction' (Alpaca), 'chosen_messages' (preference), 'prompt' (prompt), "
        "found id, text; say what the fields are in [sources.columns]",
    ),
    "empty": ("{}", "needs one of 'messages' (chat)"),
    "blank prompt": ('{"prompt": " "}', "'prompt' needs text, found nothing"),
    "prompt of another type": ('{"prompt": ["b"]}', "'prompt' must be text, found a list"),
    "context of another type": ('{"prompt": "b", "context": "c"}', "'context' must be a mapping"),
    "a document without text": (
        '{"prompt": "b", "documents": [{"title": "t"}]}',
        "document 1 needs 'title' and 'text'",
    ),
    "an id of another type": (
        '{"id": ["x"], "prompt": "b"}',
        "'id' must be text or a number, found a list",
    ),
}


@pytest.mark.parametrize(("line", "said"), BAD_LINES.values(), ids=BAD_LINES)
def test_a_bad_line(tmp_path: Path, line: str, said: str) -> None:
    path = write(tmp_path, "a.jsonl", GOOD + "\n" + line + "\n" + GOOD)
    assert refused(path, 3).startswith(said)


def test_an_emoji_as_json_writes_it_is_fine(tmp_path: Path) -> None:
    path = write(tmp_path, "a.jsonl", r'{"prompt": "\ud83d\ude00 \u2028 ok"}')
    assert read(path)[0].data["messages"][0]["content"] == "\U0001f600 \u2028 ok"


# --- CSV


def test_csv(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "a.csv",
        "id,prompt,context.tier,context.product,channel\r\n"
        '1,"Two lines,\nand a ""quote""",gold,,mail\r\n'
        "\r\n"
        ",Hello?,,,\r\n",
    )
    first, second = read(path)
    assert first.id == "1"
    assert first.data == {
        "messages": [{"role": "user", "content": 'Two lines,\nand a "quote"'}],
        "context": {"tier": "gold"},
        "channel": "mail",
    }
    assert second.id is None
    assert second.data == {"messages": [{"role": "user", "content": "Hello?"}]}
    assert second.where == f"{path}, line 5"


def test_tabs_and_other_delimiters(tmp_path: Path) -> None:
    tabs = write(tmp_path, "a.tsv", "id\tprompt\n1\tOne, two?\n")
    semicolons = write(tmp_path, "a.csv", "id;prompt\n1;One, two?\n")
    one, two = read(tabs), read(semicolons, delimiter=";")
    assert [task.data for task in one] == [task.data for task in two]
    assert said(tabs) == [f"{tabs}: TSV, 1 row (prompt)"]


def test_a_conversation_in_a_column(tmp_path: Path) -> None:
    table = io.StringIO()
    csv.writer(table).writerows([["messages"], [json.dumps(QUESTION)], ["Hello?"]])
    path = write(tmp_path, "a.csv", table.getvalue())
    assert "'messages' is text that is no JSON list" in refused(path, 3)
    path = write(tmp_path, "a.csv", table.getvalue().replace("Hello?\r\n", ""))
    assert read(path)[0].data == {"messages": QUESTION}


def test_other_conversations_in_a_column(tmp_path: Path) -> None:
    table = io.StringIO()
    turns = [{"from": "human", "value": QUESTION[0]["content"]}]
    csv.writer(table).writerows([["conversations"], [json.dumps(turns)], ['{"from": "human"}']])
    path = write(tmp_path, "a.csv", table.getvalue())
    assert "'conversations' must be a list of {from, value}, found an object" in refused(path, 3)
    path = write(tmp_path, "a.csv", table.getvalue().rsplit("\r\n", 2)[0])
    assert read(path)[0].data == {"messages": QUESTION}


def test_half_a_character_in_a_column_s_json(tmp_path: Path) -> None:
    table = io.StringIO()
    half = json.dumps([{"role": "user", "content": "\ud800"}])
    csv.writer(table).writerows([["messages"], [half]])
    path = write(tmp_path, "a.csv", table.getvalue())
    assert refused(path, 2).startswith("'messages' is text that is no JSON list (")


BAD_TABLES = {
    "no prompt": ("question,id\na,1\n", 1, "no column 'prompt' (found question, id)"),
    "a context without a name": ("prompt,context\na,b\n", 1, "a column 'context' holds one fact"),
    "a column twice": ("prompt,prompt\na,b\n", 1, "columns must differ"),
    "too many fields": ("prompt\na\nb,c\n", 3, "expected 1 field; quote fields"),
    "too few fields": ("prompt,id\na,1\nb\n", 3, "expected 2 fields; quote fields"),
    "a quote never closed": (
        'prompt\n"a\nb\nc\n',
        2,
        "not CSV (the quote that opens there is never",
    ),
    "a text too long for CSV": (
        f"prompt\n{'a' * 131_073}\n",
        2,
        "not CSV (field larger than field limit (131072)); see that every quote is closed; texts "
        "of more than 131,072 characters need JSONL or Parquet",
    ),
    "a quote in the middle": ('prompt\n"a"b\n', 2, "not CSV ("),
    "too large a field": (f"prompt\na\n{'b' * 200_000}\n", 3, "not CSV (field larger than"),
    "blank prompt": ("prompt,id\na,1\n ,2\n", 3, "'prompt' needs text, found nothing"),
    "no text in prompt": ("prompt,id\na,1\n,2\n", 3, "'prompt' is empty; say what was asked"),
}


@pytest.mark.parametrize(("text", "line", "said"), BAD_TABLES.values(), ids=BAD_TABLES)
def test_a_bad_table(tmp_path: Path, text: str, line: int, said: str) -> None:
    assert refused(write(tmp_path, "a.csv", text), line).startswith(said)


# --- files


def test_unknown_kinds_of_file(tmp_path: Path) -> None:
    for name in ("a.xlsx", "a", "a.pdf.gz", "a.docx"):
        sentence = refused(write(tmp_path, name, ""))
        assert sentence.startswith("unknown kind of file; known are .jsonl, .ndjson, .json, .csv")


def test_files_that_can_t_be_read(tmp_path: Path) -> None:
    for name in ("a.jsonl", "a.xlsx", "a.pdf", "a.parquet", "a.md"):
        assert refused(tmp_path / name) == "no such file"
    for name in ("c.jsonl", "c.csv", "c.md", "c.txt"):
        latin = write(tmp_path, name, '{"prompt": "é"}'.encode("latin-1"))
        assert refused(latin).startswith("not UTF-8 (")


# --- ids

texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=20)
prompts = texts.filter(str.strip)


def test_the_same_id_twice_in_a_file(tmp_path: Path) -> None:
    path = write(tmp_path, "a.jsonl", lines({"id": 1, "prompt": "a"}, {"id": "1", "prompt": "b"}))
    assert refused(path, 2) == f"the id '1' was used at {path}, line 1; ids must differ"


def test_the_same_id_in_two_files(tmp_path: Path) -> None:
    first = write(tmp_path, "a.jsonl", lines({"id": "x", "prompt": "a"}))
    second = write(tmp_path, "b.csv", "id,prompt\ny,b\nx,a\n")
    with pytest.raises(
        SourceError, match=f"^{second}, line 3: the id 'x' was used at {first}, line 1"
    ):
        read(first, second)


def test_what_has_no_id_may_come_twice(tmp_path: Path) -> None:
    """Cleaning tells equal conversations, once it knows what of them is the same."""
    path = write(tmp_path, "a.jsonl", lines({"prompt": "a"}, {"id": "", "prompt": "a"}))
    assert [task.id for task in read(path)] == [None, None]


# --- any content


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sources")


values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=5,
)
facts = st.dictionaries(texts.filter(str.strip), values, max_size=3)
turn = st.fixed_dictionaries(
    {"role": st.sampled_from(["system", "user", "assistant", "tool"]), "content": prompts}
)
conversations = st.lists(turn, min_size=1, max_size=4)


@given(rows=st.lists(st.tuples(conversations, facts), max_size=4), kind=st.sampled_from("lj"))
@settings(deadline=None)
def test_any_conversations_come_back_as_they_were(
    folder: Path, rows: list[tuple[list[dict[str, str]], dict[str, Any]]], kind: str
) -> None:
    sources = [{"messages": turns, "context": context} for turns, context in rows]
    if kind == "l":
        path = write(folder, "any.jsonl", lines(*sources))
    else:
        path = write(folder, "any.json", json.dumps(sources, ensure_ascii=False))
    assert [task.data for task in read(path, last_assistant="keep")] == sources


@given(
    content=st.binary(max_size=80) | st.text(max_size=80).map(str.encode),
    kind=st.sampled_from(["jsonl", "csv", "tsv", "json", "md", "txt", "html", "pdf", "parquet"]),
)
@settings(deadline=None)
def test_any_content_is_read_or_refused(folder: Path, content: bytes, kind: str) -> None:
    path = write(folder, f"any.{kind}", b"prompt,id\n" + content if kind == "csv" else content)
    try:
        tasks = read(path)
    except SourceError as error:
        assert str(error).startswith(str(path))
        assert "\n" not in str(error)
    else:
        json.dumps([task.data for task in tasks], ensure_ascii=False, allow_nan=False).encode()
