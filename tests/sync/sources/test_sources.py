"""Source files: what they may hold, stable ids, and refusals that name file and line."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.errors import SourceError
from sync.sources import SourceTask, read_source

QUESTION = [{"role": "user", "content": "My card was declined."}]


def read(path: Path, seen: dict[str, str] | None = None) -> list[SourceTask]:
    return list(read_source(path, {} if seen is None else seen))


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def lines(*objects: Any) -> str:
    return "".join(json.dumps(item) + "\n" for item in objects)


def refused(path: Path, line: int | None = None) -> str:
    """The sentence after file and line."""
    with pytest.raises(SourceError) as caught:
        read(path)
    said = str(caught.value)
    where = f"{path}: " if line is None else f"{path}, line {line}: "
    assert said.startswith(where)
    return said.removeprefix(where)


# --- JSONL


@pytest.mark.parametrize("name", ["a.jsonl", "a.ndjson", "A.JSONL"])
def test_jsonl(tmp_path: Path, name: str) -> None:
    path = write(
        tmp_path,
        name,
        lines(
            {"id": "x", "messages": QUESTION, "context": {"tier": "gold"}, "source": "mail"},
            {"id": 7, "prompt": "Hello?"},
        ),
    )
    assert read(path) == [
        SourceTask(
            "x",
            {"messages": QUESTION, "context": {"tier": "gold"}, "source": "mail"},
            f"{path}, line 1",
        ),
        SourceTask("7", {"messages": [{"role": "user", "content": "Hello?"}]}, f"{path}, line 2"),
    ]


def test_blank_lines_are_skipped_and_counted(tmp_path: Path) -> None:
    path = write(tmp_path, "a.jsonl", '\n{"prompt": "a"}\n  \n\r\n{"prompt": "b"}')
    assert [task.where for task in read(path)] == [f"{path}, line 2", f"{path}, line 5"]


def test_a_byte_order_mark_is_no_content(tmp_path: Path) -> None:
    jsonl = write(tmp_path, "a.jsonl", b"\xef\xbb\xbf" + lines({"prompt": "a"}).encode())
    table = write(tmp_path, "a.csv", b"\xef\xbb\xbfprompt\na\n")
    assert [task.data["messages"] for task in read(jsonl) + read(table)] == [
        [{"role": "user", "content": "a"}]
    ] * 2


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv"])
def test_an_empty_file(tmp_path: Path, name: str) -> None:
    path = write(tmp_path, name, "")
    if name.endswith("csv"):
        assert "no column 'prompt' (found no header)" in refused(path, 1)
    else:
        assert read(path) == []


GOOD = '{"prompt": "a"}\n'
BAD_LINES = {
    "not JSON": ("{'prompt': 'b'}", "not JSON (Expecting property name"),
    "cut off": ('{"prompt": "b', "not JSON (Unterminated string starting at column 12)"),
    "two objects": ('{"prompt": "b"} {}', "not JSON (Extra data at column 17)"),
    "a list": ('["b"]', "expected an object, found a list"),
    "null": ("null", "expected an object, found a NoneType"),
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
        "needs 'messages' or a 'prompt' with text, found id, text",
    ),
    "empty": ("{}", "needs 'messages' or a 'prompt' with text, found nothing"),
    "blank prompt": ('{"prompt": " "}', "needs 'messages' or a 'prompt' with text, found prompt"),
    "prompt of another type": ('{"prompt": ["b"]}', "needs 'messages' or a 'prompt' with text"),
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
    content = 'Two lines,\nand a "quote"'
    assert first.id == "1"
    assert first.data == {
        "messages": [{"role": "user", "content": content}],
        "context": {"tier": "gold"},
        "channel": "mail",
    }
    assert second.data == {"messages": [{"role": "user", "content": "Hello?"}], "context": {}}
    assert second.where == f"{path}, line 5"


BAD_TABLES = {
    "no prompt": ("question,id\na,1\n", 1, "no column 'prompt' (found question, id)"),
    "a context without a name": ("prompt,context\na,b\n", 1, "columns must differ, and a fact of"),
    "a column twice": ("prompt,prompt\na,b\n", 1, "columns must differ"),
    "too many fields": ("prompt\na\nb,c\n", 3, "expected 1 fields; quote fields"),
    "too few fields": ("prompt,id\na,1\nb\n", 3, "expected 2 fields; quote fields"),
    "a quote never closed": ('prompt\n"a\nb\nc\n', 4, "not CSV (unexpected end of data); see"),
    "a quote in the middle": ('prompt\n"a"b\n', 2, "not CSV ("),
    "too large a field": (f"prompt\na\n{'b' * 200_000}\n", 3, "not CSV (field larger than"),
    "blank prompt": ("prompt,id\na,1\n ,2\n", 3, "needs 'messages' or a 'prompt' with text"),
    "no text in prompt": ("prompt,id\na,1\n,2\n", 3, "needs 'messages' or a 'prompt' with text"),
}


@pytest.mark.parametrize(("text", "line", "said"), BAD_TABLES.values(), ids=BAD_TABLES)
def test_a_bad_table(tmp_path: Path, text: str, line: int, said: str) -> None:
    assert refused(write(tmp_path, "a.csv", text), line).startswith(said)


# --- files


def test_unknown_kinds_of_file(tmp_path: Path) -> None:
    for name in ("a.json", "a.xlsx", "a"):
        assert refused(tmp_path / name) == "unknown kind of file; expected .jsonl or .csv"


def test_files_that_can_t_be_read(tmp_path: Path) -> None:
    assert refused(tmp_path / "a.jsonl") == "no such file"
    (tmp_path / "b.jsonl").mkdir()
    assert refused(tmp_path / "b.jsonl") == "can't be read (Is a directory)"
    for name in ("c.jsonl", "c.csv"):
        latin = write(tmp_path, name, '{"prompt": "é"}'.encode("latin-1"))
        assert refused(latin).startswith("not UTF-8 (")


# --- ids

texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=20)
prompts = texts.filter(str.strip)
contexts = st.dictionaries(texts.filter(str.strip), prompts, max_size=3)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sources")


@given(prompt=prompts, context=contexts, extra=texts)
@settings(deadline=None)
def test_an_id_comes_from_conversation_and_context_alone(
    folder: Path, prompt: str, context: dict[str, str], extra: str
) -> None:
    """The same in JSONL and CSV, in whatever order, at whatever line, whatever else is there."""
    reordered = dict(reversed(context.items()))
    jsonl = write(
        folder,
        "a.jsonl",
        "\n" + lines({"context": reordered, "note": extra, "prompt": prompt, "id": None}),
    )
    as_messages = write(
        folder,
        "b.jsonl",
        lines({"messages": [{"content": prompt, "role": "user"}], "context": context, "id": ""}),
    )
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(["prompt", *(f"context.{name}" for name in context)])
    writer.writerow([prompt, *context.values()])
    as_table = write(folder, "c.csv", table.getvalue())
    [ids] = {tuple(task.id for task in read(path)) for path in (jsonl, as_messages, as_table)}
    assert len(ids[0]) == 16


def test_an_id_that_must_never_change(tmp_path: Path) -> None:
    """Projects hold it: another digest would import every task again."""
    path = write(tmp_path, "a.jsonl", lines({"prompt": "Hello?", "context": {"tier": "gold"}}))
    assert read(path)[0].id == "a800f27c4504811b"


@given(one=st.tuples(prompts, contexts), other=st.tuples(prompts, contexts))
@settings(deadline=None)
def test_ids_differ_when_conversation_or_context_do(
    folder: Path, one: tuple[str, dict[str, str]], other: tuple[str, dict[str, str]]
) -> None:
    sources = [{"prompt": prompt, "context": context} for prompt, context in (one, other)]
    paths = [write(folder, f"{i}.jsonl", lines(source)) for i, source in enumerate(sources)]
    ids = [read(path)[0].id for path in paths]
    assert (ids[0] == ids[1]) == (one == other)


def test_the_same_id_twice_in_a_file(tmp_path: Path) -> None:
    path = write(tmp_path, "a.jsonl", lines({"id": 1, "prompt": "a"}, {"id": "1", "prompt": "b"}))
    assert refused(path, 2) == f"the id '1' was used at {path}, line 1; ids must differ"


def test_the_same_id_in_two_files(tmp_path: Path) -> None:
    seen: dict[str, str] = {}
    first = write(tmp_path, "a.jsonl", lines({"prompt": "a"}))
    second = write(tmp_path, "b.csv", "prompt\nb\na\n")
    read(first, seen)
    with pytest.raises(
        SourceError, match=f"^{second}, line 3: the id '.*' was used at {first}, line 1"
    ):
        read(second, seen)


@given(
    content=st.binary(max_size=80) | st.text(max_size=80).map(str.encode),
    kind=st.sampled_from(["jsonl", "csv"]),
)
@settings(deadline=None)
def test_any_content_is_read_or_refused(folder: Path, content: bytes, kind: str) -> None:
    path = write(folder, f"any.{kind}", b"prompt,id\n" + content if kind == "csv" else content)
    try:
        tasks = read(path)
    except SourceError as error:
        assert str(error).startswith(str(path))
    else:
        json.dumps([task.data for task in tasks], ensure_ascii=False, allow_nan=False).encode()
