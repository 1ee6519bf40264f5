"""Tables and lines as other programs save them: read where that is certain, else told by cause."""

import codecs
import gzip
import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from sync.common.errors import SourceError
from tests.sync.intake.sources.builders import lines, read, reader, refused, said_of, write

SHARED = Path(__file__).parents[5] / "shared" / "data" / "faults"
ASKED = [[("user", "Was kostet die Karte?")], [("user", "Wo ist sie, bitte?")]]
QUESTIONS = [turns[0][1] for turns in ASKED]


def read_with_notes(path: Path, **settings: Any) -> tuple[list[Any], list[str]]:
    opened = reader(path, **settings)
    tasks = [(task.id, said_of(task)) for task in opened]
    return tasks, [note.removeprefix(f"{path}: ") for note in opened.notes]


# --- delimiters

TABLE = "id{0}prompt\n1{0}Was kostet die Karte?\n2{0}Wo ist sie, bitte?\n"
ANSWERED = [("1", ASKED[0]), ("2", ASKED[1])]


@pytest.mark.parametrize(
    ("delimiter", "name", "visible"),
    [(";", "semicolons", ";"), ("\t", "tabs", r"\t"), ("|", "vertical bars", "|")],
)
def test_a_delimiter_that_only_the_header_tells(
    tmp_path: Path, delimiter: str, name: str, visible: str
) -> None:
    path = write(tmp_path, "a.csv", TABLE.format(delimiter))
    tasks, notes = read_with_notes(path)
    assert tasks == ANSWERED
    assert notes == [
        f"its columns are separated by {name}, so it was read so; "
        f'sources.delimiter = "{visible}" says it for good'
    ]
    assert read_with_notes(path, delimiter=delimiter) == (ANSWERED, [])


def test_a_table_of_tabs_that_holds_commas(tmp_path: Path) -> None:
    path = write(tmp_path, "a.tsv", TABLE.format(",").replace("sie, bitte", "sie bitte"))
    tasks, (note,) = read_with_notes(path)
    assert [own_id for own_id, _ in tasks] == ["1", "2"]
    assert note.startswith("its columns are separated by commas")


def test_quoted_headers_with_another_delimiter(tmp_path: Path) -> None:
    """Read with commas such a header is not even CSV."""
    path = write(tmp_path, "a.csv", '"id";"prompt"\n"1";"Ist ""sie"";\nda?"\n')
    (task,), (note,) = read_with_notes(path)
    assert task == ("1", [("user", 'Ist "sie";\nda?')])
    assert "semicolons" in note


def test_a_delimiter_is_also_told_by_mapped_columns(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", "nr;frage\n1;Was kostet die Karte?\n")
    tasks, (note,) = read_with_notes(path, columns={"id": "nr", "prompt": "frage"})
    assert tasks == ANSWERED[:1]
    assert "semicolons" in note


def test_a_delimiter_that_no_column_proves_is_named(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", "nr;frage\n1;Was?\n")
    assert refused(path, 1) == (
        "no column 'prompt' (found nr;frage); with semicolons between them the columns are nr, "
        'frage: set sources.delimiter = ";", and say which one it is in labeltune.toml: '
        '[sources.columns] prompt = "…"'
    )
    path = write(tmp_path, "b.csv", TABLE.format(","))
    assert refused(path, 1, delimiter=";").startswith(
        "no column 'prompt' (found id,prompt); with commas between them the columns are id, prompt"
    )


def test_the_header_is_told_in_one_short_line(tmp_path: Path) -> None:
    """In a table without one it may be anything."""
    path = write(tmp_path, "a.csv", 'id;"in two\nlines";' + "x" * 99 + "\n")
    assert f"are id, in two lines, {'x' * 39}…: set sources.delimiter" in refused(path, 2)


def test_the_header_as_it_should_be_is_never_doubted(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", "prompt,note;more|of it\nWas; wie?,x\n")
    tasks, notes = read_with_notes(path)
    assert tasks == [(None, [("user", "Was; wie?")])]
    assert notes == []


@pytest.mark.parametrize("first", ["sep=;", "SEP=;", '"sep=;"'])
def test_a_line_that_says_the_delimiter(tmp_path: Path, first: str) -> None:
    path = write(tmp_path, "a.csv", f"{first}\r\n" + TABLE.format(";").replace("\n", "\r\n"))
    tasks, notes = read_with_notes(path)
    assert tasks == ANSWERED
    assert notes == ["its first line says sep=;, so it was read so"]
    assert read(path)[0].where == f"{path}, line 3"
    bars = write(tmp_path, "b.csv", "sep=|\n" + TABLE.format("|"))
    assert read_with_notes(bars, delimiter=";")[0] == ANSWERED
    commas = write(tmp_path, "c.csv", "sep=,\nprompt\nWas?\n")
    assert read_with_notes(commas) == ([(None, [("user", "Was?")])], [])


# --- quotes

QUOTES = {
    "never closed": (
        'id,prompt\n1,a\n2,"b\n3,c\n4,d\n',
        3,
        "not CSV (the quote that opens",
    ),
    "never closed in a long row": (
        'id,prompt,note\n1,"a\nb","c\n2,d,e\n',
        3,
        "not CSV (the quote that opens there is never closed); close it, or double it",
    ),
    "never closed in a long file": (
        "id,prompt\n1,a\n" + '2,"b\n' + "3,a sentence of some length\n" * 6000,
        3,
        "not CSV (the quote that opens there isn't closed within 131,072 characters)",
    ),
    "closed by the next one": (
        'id,prompt\n1,"a\n2,"b"\n',
        3,
        "not CSV (a quote stands in the middle of a field: ',' expected after '\"', and the quote "
        "that it closes opened in line 2); double it",
    ),
    "a backslash before it": (
        'id,prompt\n1,"a \\"b\\" c"\n',
        2,
        "not CSV (a quote stands in the middle of a field: ',' expected after '\"'); double it",
    ),
}


@pytest.mark.parametrize(("text", "line", "sentence"), QUOTES.values(), ids=QUOTES)
def test_quotes_out_of_place(tmp_path: Path, text: str, line: int, sentence: str) -> None:
    assert refused(write(tmp_path, "a.csv", text), line).startswith(sentence)


def test_a_quote_is_told_by_its_line_below_a_line_of_excel(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", 'sep=;\nid;prompt\n1;a\n2;"b\n')
    assert refused(path, 4).startswith("not CSV (the quote that opens there is never closed)")


# --- encodings

ROWS = lines(*({"prompt": question} for question in QUESTIONS))
LISTED = json.dumps([{"prompt": question} for question in QUESTIONS], indent=1)
CSV = "prompt\n" + "".join(f'"{question}"\n' for question in QUESTIONS)
FILES = {"a.jsonl": ROWS, "a.json": LISTED, "b.json": ROWS, "a.csv": CSV}
WITH_MARK = {
    "UTF-16, little": codecs.BOM_UTF16_LE.decode("latin-1"),
    "UTF-16, big": codecs.BOM_UTF16_BE.decode("latin-1"),
}


@pytest.mark.parametrize("wanted", ["utf-16", "UTF16", "utf_32"])
def test_an_encoding_that_needs_a_mark_is_refused_without_one(tmp_path: Path, wanted: str) -> None:
    path = write(tmp_path, "a.csv", "prompt\nOù est le café?\n".encode("cp1252"))
    name = wanted[:3].lower() + "-" + wanted[-2:]
    assert refused(path, encoding=wanted) == (
        f"sources.encoding is {wanted!r}, which needs a byte order mark, and the file has none; "
        f'set sources.encoding = "{name}-le" or "{name}-be" in labeltune.toml, or to what the file '
        "was saved in"
    )


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le"])
def test_utf_16_with_its_mark_is_read_and_said(tmp_path: Path, name: str, encoding: str) -> None:
    path = write(tmp_path, name, ("\ufeff" + FILES[name]).encode(encoding))
    tasks, notes = read_with_notes(path)
    assert [turns for _, turns in tasks] == ASKED
    said = f"read as {encoding[:6].upper()}, which its byte order mark says"
    assert [note for note in notes if "JSONL" not in note] == [said]


@pytest.mark.parametrize("name", FILES)
def test_utf_16_without_a_mark_is_named_and_read_by_the_setting(tmp_path: Path, name: str) -> None:
    for encoding in ("utf-16-le", "utf-16-be"):
        path = write(tmp_path, name, FILES[name].encode(encoding))
        assert refused(path) == (
            "UTF-8 is expected, and this looks like UTF-16 without a byte order mark; set "
            f'sources.encoding = "{encoding}" in labeltune.toml'
        )
        assert [said_of(task) for task in read(path, encoding=encoding)] == ASKED


def test_a_mark_is_surer_than_the_setting(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", "prompt\né\n".encode("utf-8-sig"))
    tasks, (note,) = read_with_notes(path, encoding="cp1252")
    assert tasks == [(None, [("user", "é")])]
    assert note == (
        "read as UTF-8, which its byte order mark says, and not as cp1252, which sources.encoding "
        "says"
    )
    assert read_with_notes(path, encoding="UTF8") == (tasks, [])


WESTERN = "id,prompt\n1,plain\n2,Où est le café “Été”?\n"


@pytest.mark.parametrize("name", ["a.csv", "a.md", "a.txt"])
def test_windows_1252_is_named_with_place_and_setting(tmp_path: Path, name: str) -> None:
    path = write(tmp_path, name, WESTERN.encode("cp1252"))
    assert refused(path) == (
        "not UTF-8 (byte 0xF9 in line 3, column 4, byte 22 of the file); it looks like "
        'Windows-1252, as spreadsheets of western Europe write it: set sources.encoding = "cp1252" '
        "in labeltune.toml, or save the file as UTF-8"
    )
    assert "café “Été”" in str(read(path, encoding="cp1252")[-1].data)


def test_a_page_that_does_not_say_its_encoding_is_read_by_the_setting(tmp_path: Path) -> None:
    path = write(tmp_path, "a.html", "<h1>Fees</h1><p>Карта стоит 5.</p>".encode("cp1251"))
    assert read(path, encoding="cp1251")[0].data["documents"][0]["text"] == "Карта стоит 5."
    assert "Карта" not in str(read(path)[0].data)


def test_other_encodings_are_not_taken_for_western(tmp_path: Path) -> None:
    for encoding, text in {
        "cp1251": "Сколько стоит карта?",
        "gb18030": "卡要多少钱",
        "shift_jis": "カードはいくらですか。",
    }.items():
        path = write(tmp_path, "a.jsonl", f'{{"prompt": "{text}"}}\n'.encode(encoding))
        sentence = refused(path)
        assert sentence.startswith("not UTF-8 (byte 0x")
        assert " in line 1, column 13, byte 13 of the file); set sources.encoding in" in sentence
        assert read(path, encoding=encoding)[0].data["messages"][0]["content"] == text


def test_a_damaged_character_is_no_other_encoding(tmp_path: Path) -> None:
    """With another encoding every accent of the file would be spoilt."""
    path = write(tmp_path, "a.csv", "prompt\ncafé\n".encode() + b"caf\xe9\n")
    assert refused(path) == (
        "not UTF-8 (byte 0xE9 in line 3, column 4, byte 17 of the file); what is before it is "
        "UTF-8, so the file is damaged there: correct it, or save it anew"
    )
    cut = write(tmp_path, "b.jsonl", '{"prompt": "Größe"}\n{"prompt": "ö'.encode()[:-1])
    assert refused(cut).startswith("not UTF-8 (byte 0xC3 in line 2, column 13, byte 35 of the file")


def test_the_place_is_found_far_into_a_file(tmp_path: Path) -> None:
    rows = "".join(f'{{"prompt": "row {n}"}}\n' for n in range(9000))
    path = write(tmp_path, "a.jsonl", rows.encode() + b'{"prompt": "caf\xe9"}\n')
    at = len(rows) + 16
    assert f"byte 0xE9 in line 9001, column 16, byte {at:,} of the file" in refused(path)


def test_a_setting_that_does_not_fit_is_named(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", b"prompt\na\nb\x81\n")
    assert refused(path, encoding="cp1252") == (
        "not cp1252 (byte 0x81 in line 3, column 2, byte 11 of the file); correct sources.encoding "
        "in labeltune.toml, or the file"
    )


def test_what_is_piped_is_named_without_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    class Piped:
        buffer = io.BytesIO(b'{"prompt": "caf\xe9"}\n')

    monkeypatch.setattr(sys, "stdin", Piped())
    with pytest.raises(SourceError, match=r"^standard input: not UTF-8 \(byte 0xE9\); convert it"):
        read(Path("-"))


NO_TEXT = {
    "gzip": (gzip.compress(b'{"prompt": "a"}'), "gzip; let its name end in .gz"),
    "Excel": (
        b"PK\x03\x04\x14\x00",
        "a ZIP archive or an Excel file; unpack it, or save the table",
    ),
    "Parquet": (b"PAR1\x15\x04", "Parquet; let its name end in .parquet"),
    "Git LFS": (
        b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n",
        "the name of a file in Git LFS; fetch it with `git lfs pull`",
    ),
}


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.json", "a.md"])
@pytest.mark.parametrize(("content", "what"), NO_TEXT.values(), ids=NO_TEXT)
def test_what_is_no_text_is_named(tmp_path: Path, name: str, content: bytes, what: str) -> None:
    assert refused(write(tmp_path, name, content)).startswith(f"holds no text but {what}")


def test_a_parquet_file_that_was_not_fetched_is_named(tmp_path: Path) -> None:
    path = write(tmp_path, "a.parquet", NO_TEXT["Git LFS"][0])
    assert "can be read (the name of a file in Git LFS; fetch it" in refused(path)


# --- JSON over several lines

PRETTY = "\n".join(
    json.dumps({"prompt": question, "context": {"tags": ["{", "]"]}}, indent=2, ensure_ascii=False)
    for question in QUESTIONS
)


@pytest.mark.parametrize("name", ["a.jsonl", "a.ndjson", "a.json"])
def test_pretty_printed_lines_are_read_and_said(tmp_path: Path, name: str) -> None:
    path = write(tmp_path, name, PRETTY)
    tasks, notes = read_with_notes(path)
    assert [turns for _, turns in tasks] == ASKED
    assert notes[-1] == (
        "the object in line 1 stands over several lines (pretty-printed), so such objects were "
        "read whole"
    )
    assert [task.where for task in read(path)] == [f"{path}, line 1", f"{path}, line 10"]


def test_pretty_printed_and_plain_lines_together(tmp_path: Path) -> None:
    path = write(tmp_path, "a.jsonl", '{"prompt": "a"}\n\n{"prompt":\n\n "b"}\n{"prompt": "c"}')
    assert [said_of(task) for task in read(path)] == [[("user", c)] for c in "abc"]


def test_a_list_under_the_name_of_lines(tmp_path: Path) -> None:
    for indent in (None, 2):
        path = write(tmp_path, "a.jsonl", "\n" + json.dumps(json.loads(LISTED), indent=indent))
        tasks, notes = read_with_notes(path)
        assert [turns for _, turns in tasks] == ASKED
        assert notes == ["begins with [, so it was read as one list and not line by line"]


CUT = {
    "in a string": ('{"prompt": "b', "not JSON (Unterminated string starting at column 12)"),
    "after a comma": ('{"prompt": "b",', "not JSON (Expecting property name"),
    "after a bracket": ('{"prompt": "b", "tags": [', "not JSON (Expecting value at column 26)"),
    "after a colon": ('{"prompt":', "not JSON (Expecting value at column 11)"),
    "a comma between": (
        '{"prompt": "b"},',
        "not JSON (Extra data at column 16); write each object on a line of its own, without a "
        "comma after it",
    ),
}


@pytest.mark.parametrize(("line", "sentence"), CUT.values(), ids=CUT)
def test_a_line_that_was_cut_off_takes_no_other_with_it(
    tmp_path: Path, line: str, sentence: str
) -> None:
    good = '{"prompt": "a"}\n'
    path = write(tmp_path, "a.jsonl", f"{good}{line}\n{good * 3}")
    assert refused(path, 2).startswith(sentence)


def test_where_a_json_file_breaks_is_told_by_line(tmp_path: Path) -> None:
    path = write(tmp_path, "a.json", '[\n{"prompt": "a"},\n{"prompt" "b"}\n]')
    assert refused(path).startswith("not JSON (Expecting ':' delimiter at line 3, column 11)")


# --- keys and columns that stand twice

TWICE = {
    "in a line": ("a.jsonl", '{"prompt": "a"}\n{"prompt": "b", "prompt": "c"}\n', "line 2"),
    "inside": ("a.jsonl", '{"prompt": "a", "context": {"x": 1, "x": 1}}\n', "line 1"),
    "in a list": ("a.json", '[{"prompt": "a"}, {"prompt": "b", "prompt": "c"}]', "item 2"),
    "in an object": ("a.json", '{"i":\n{"prompt": "a", "context": {"x": 1, "x": 2}}}', "'i'"),
}


@pytest.mark.parametrize(("name", "text", "place"), TWICE.values(), ids=TWICE)
def test_a_key_that_stands_twice(tmp_path: Path, name: str, text: str, place: str) -> None:
    key = "x" if "context" in text else "prompt"
    assert refused(write(tmp_path, name, text), place) == (
        f"the key {key!r} stands twice in one object; remove or rename one"
    )


def test_a_key_that_stands_twice_in_a_cell_or_a_header(tmp_path: Path) -> None:
    cell = '[{""role"": ""user"", ""role"": ""user"", ""content"": ""a""}]'
    assert "the key 'role' stands twice" in refused(
        write(tmp_path, "a.csv", f'messages\n"{cell}"\n'), 2
    )
    assert refused(write(tmp_path, "b.csv", "prompt,id,id,id\na,1,2,3\n"), 1) == (
        "columns must differ, 'id' stands there 3 times (found prompt, id, id, id); rename them"
    )


# --- what is nested too deep


@pytest.mark.parametrize("depth", [120, 600, 900])
def test_a_row_that_is_nested_too_deep(tmp_path: Path, depth: int) -> None:
    deep = '{"a":' * depth + "1" + "}" * depth
    for name, text, place in (
        ("a.jsonl", f'{{"prompt": "a", "context": {deep}}}\n', "line 1"),
        ("a.json", f'[{{"prompt": "a", "extra": {deep}}}]', "item 1"),
    ):
        sentence = refused(write(tmp_path, name, text), place)
        assert "deep" in sentence or sentence.startswith("JSON that Label Studio would refuse (")
    flat = write(tmp_path, "b.jsonl", '{"prompt": "a", "context": ' + '{"a":' * 90 + "1" + "}" * 91)
    assert len(read(flat)) == 1


# --- the files that were found


@pytest.mark.skipif(not SHARED.is_dir(), reason="no shared data beside this checkout")
@pytest.mark.parametrize("name", ["semicolons.csv", "utf16.csv"])
def test_the_tables_that_were_found(name: str) -> None:
    tasks, notes = read_with_notes(SHARED / name)
    assert tasks
    assert len(notes) == 1
