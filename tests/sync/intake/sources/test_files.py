"""JSON, Parquet, datasets, compressed files, folders and standard input."""

import bz2
import datetime
import decimal
import gzip
import io
import json
import lzma
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sync.common.errors import SourceError
from tests.sync.intake.sources.builders import lines, read, reader, refused, said, said_of, write

ROWS = [{"id": "1", "prompt": "One?"}, {"id": "2", "prompt": "Two?"}]
ASKED = [[("user", "One?")], [("user", "Two?")]]


# --- JSON


def test_a_list_in_json(tmp_path: Path) -> None:
    path = write(tmp_path, "a.json", json.dumps(ROWS, indent=2))
    assert [(task.id, said_of(task)) for task in read(path)] == [("1", ASKED[0]), ("2", ASKED[1])]
    assert read(path)[1].where == f"{path}, item 2"
    assert said(path) == [f"{path}: JSON, 2 rows (prompt)"]


def test_objects_by_id_in_json(tmp_path: Path) -> None:
    path = write(tmp_path, "a.json", json.dumps({"x": {"prompt": "One?"}, "y": ROWS[1]}, indent=1))
    assert [task.id for task in read(path)] == ["x", "2"]
    assert read(path)[0].where == f"{path}, 'x'"


def test_objects_by_id_on_one_line(tmp_path: Path) -> None:
    path = write(tmp_path, "a.json", lines({"x": {"prompt": "One?"}, "y": ROWS[1]}))
    assert [task.id for task in read(path)] == ["x", "2"]


def test_json_lines_under_the_name_of_json(tmp_path: Path) -> None:
    path = write(tmp_path, "a.json", "\n" + lines(*ROWS))
    opened = reader(path)
    assert [said_of(task) for task in opened] == ASKED
    assert opened.notes == [f"{path}: holds an object a line, so it was read as JSONL"]


def test_numbers_of_json_stay_numbers(tmp_path: Path) -> None:
    path = write(
        tmp_path, "a.json", '[{"prompt": "a", "context": {"fee": 5.25, "n": 123456789012}}]'
    )
    assert read(path)[0].data["context"] == {"fee": 5.25, "n": 123456789012}


BAD_JSON = {
    "a number": ("7", None, "expected a list of objects, or an object of objects by id, found"),
    "nothing": ("", None, "expected a list of objects, or an object of objects by id, found"),
    "a list of texts": ('["a"]', "item 1", "expected a list of objects, or an object of objects"),
    "one row": ('{\n"prompt": "a"}', "'prompt'", "expected a list of objects, or an object of"),
    "cut off": ('[{"prompt": "a"}, {"pro', None, "not JSON ("),
    "a comma too many": ('[{"prompt": "a"},]', None, "not JSON ("),
    "text after the end": ('[{"prompt": "a"}] x', None, "not JSON ("),
    "endless": ('[{"prompt": "a", "n": 1e999}]', None, "not JSON ("),
    "half an emoji": (r'[{"prompt": "\ude00"}]', None, "not JSON ("),
}


@pytest.mark.parametrize(("text", "place", "sentence"), BAD_JSON.values(), ids=BAD_JSON)
def test_bad_json(tmp_path: Path, text: str, place: str | None, sentence: str) -> None:
    assert refused(write(tmp_path, "a.json", text), place).startswith(sentence)


# --- compressed

PACKERS: dict[str, Any] = {".gz": gzip.compress, ".bz2": bz2.compress, ".xz": lzma.compress}


@pytest.mark.parametrize("suffix", PACKERS)
def test_compressed_files(tmp_path: Path, suffix: str) -> None:
    for name, text in (("a.jsonl", lines(*ROWS)), ("a.json", json.dumps(ROWS))):
        path = write(tmp_path, name + suffix, PACKERS[suffix](text.encode()))
        assert [said_of(task) for task in read(path)] == ASKED
    table = write(tmp_path, "a.csv" + suffix, PACKERS[suffix](b"prompt\nOne?\nTwo?\n"))
    tabs = write(tmp_path, "a.tsv" + suffix, PACKERS[suffix](b"id\tprompt\n1\tOne?\n2\tTwo?\n"))
    assert [said_of(task) for task in read(table)] == ASKED
    assert [said_of(task) for task in read(tabs)] == ASKED


@pytest.mark.parametrize("suffix", PACKERS)
def test_a_compressed_file_that_is_cut_off_or_none(tmp_path: Path, suffix: str) -> None:
    packed = PACKERS[suffix](lines(*ROWS).encode())
    assert "can't be " in refused(write(tmp_path, "a.jsonl" + suffix, packed[:-9]))
    assert "can't be " in refused(write(tmp_path, "b.jsonl" + suffix, b"no archive"))


# --- Parquet


def parquet(folder: Path, name: str, rows: list[dict[str, Any]]) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(rows), path)
    return path


def test_parquet(tmp_path: Path) -> None:
    rows = [
        {"id": 1, "messages": [{"role": "user", "content": "One?", "name": None}], "tier": "gold"},
        {"id": 2, "messages": [{"role": "user", "content": "Two?", "name": "Ann"}], "tier": None},
    ]
    path = parquet(tmp_path, "a.parquet", rows)
    one, two = read(path, columns={"context.tier": "tier"})
    assert (one.id, one.where) == ("1", f"{path}, row 1")
    assert one.data == {
        "messages": [{"role": "user", "content": "One?"}],
        "context": {"tier": "gold"},
    }
    assert two.data == {"messages": [{"role": "user", "content": "Two?", "name": "Ann"}]}
    assert said(path) == [f"{path}: Parquet, 2 rows (chat)"]


def test_what_arrow_knows_and_json_does_not(tmp_path: Path) -> None:
    row = {
        "id": 7.0,
        "prompt": "a",
        "day": datetime.date(2026, 3, 1),
        "fee": decimal.Decimal("5.00"),
        "at": datetime.datetime(2026, 3, 1, 12, 30),
    }
    (task,) = read(parquet(tmp_path, "a.parquet", [row]))
    assert task.id == "7"
    del task.data["messages"]
    assert task.data == {"day": "2026-03-01", "fee": "5.00", "at": "2026-03-01T12:30:00"}
    for bad in (b"\x89PNG", float("nan")):
        path = parquet(tmp_path, "b.parquet", [{"prompt": "a", "extra": bad}])
        assert refused(path, "row 1").startswith("column 'extra' holds what a task can't (")


def test_bad_parquet(tmp_path: Path) -> None:
    assert refused(write(tmp_path, "a.parquet", "no")).startswith("not Parquet that can be read (")
    path = parquet(tmp_path, "b.parquet", [{"question": "a"}])
    assert refused(path).startswith("no column 'prompt' (found question)")
    assert refused(path, columns={"prompt": "qestion"}).startswith("no column 'qestion'")


# --- Hugging Face datasets


def dataset(rows: list[dict[str, Any]]) -> Any:
    from datasets import Dataset

    return Dataset.from_list(rows)


@pytest.fixture
def quiet() -> None:
    """No progress bars of `datasets` among the tests' output."""
    import datasets

    datasets.disable_progress_bars()


@pytest.mark.usefixtures("quiet")
def test_a_saved_dataset(tmp_path: Path) -> None:
    folder = tmp_path / "saved"
    dataset(ROWS).save_to_disk(folder)
    assert [(task.id, said_of(task)) for task in read(folder)] == [("1", ASKED[0]), ("2", ASKED[1])]
    assert read(folder)[1].where == f"{folder}, row 2"
    assert said(folder) == [f"{folder}: dataset, 2 rows (prompt)"]


@pytest.mark.usefixtures("quiet")
def test_a_saved_dataset_with_splits(tmp_path: Path) -> None:
    from datasets import DatasetDict

    folder = tmp_path / "saved"
    splits = {"train": dataset(ROWS[:1]), "test": dataset(ROWS[1:])}
    DatasetDict(splits).save_to_disk(folder)
    assert refused(folder) == (
        'holds the splits train, test; choose one with sources.split in labeltune.toml, or "all"'
    )
    assert refused(folder, split="dev").startswith("no split 'dev' (found train, test)")
    (task,) = read(folder, split="test")
    assert (task.id, task.where) == ("2", f"{folder}, split test, row 1")
    assert [task.id for task in read(folder, split="all")] == ["1", "2"]


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize("inside", ["data/", ""])
def test_shards_of_parquet_as_on_the_hub(tmp_path: Path, inside: str) -> None:
    folder = tmp_path / "hub"
    parquet(folder, f"{inside}train-00000-of-00002.parquet", ROWS[:1])
    parquet(folder, f"{inside}train-00001-of-00002.parquet", ROWS[1:])
    parquet(folder, f"{inside}test-00000-of-00001.parquet", [{"id": "3", "prompt": "Three?"}])
    write(folder, "README.md", "---\nlicense: mit\n---\n# A card, not a document\n")
    assert [said_of(task) for task in read(folder, split="train")] == ASKED
    assert [task.id for task in read(folder, split="all")] == ["1", "2", "3"]
    assert "holds the splits train, test" in refused(folder)


@pytest.mark.usefixtures("quiet")
def test_a_dataset_is_mapped_and_checked_like_a_table(tmp_path: Path) -> None:
    folder = tmp_path / "saved"
    dataset([{"question": "One?"}]).save_to_disk(folder)
    assert refused(folder).startswith("no column 'prompt' (found question)")
    assert [said_of(task) for task in read(folder, columns={"prompt": "question"})] == ASKED[:1]


def test_a_dataset_that_is_broken(tmp_path: Path) -> None:
    write(tmp_path, "saved/dataset_info.json", "{}")
    write(tmp_path, "saved/state.json", "no")
    assert refused(tmp_path / "saved").startswith("the dataset can't be read (")
    write(tmp_path, "shards/train.parquet", "no")
    assert refused(tmp_path / "shards").startswith("the dataset can't be read (")


# --- folders


def test_a_folder_of_rows_in_order_of_name(tmp_path: Path) -> None:
    write(tmp_path, "b.jsonl", lines(ROWS[1]))
    write(tmp_path, "a/deep/a.csv", "prompt\nOne?\n")
    write(tmp_path, ".git/config.jsonl", "not read")
    write(tmp_path, ".hidden.jsonl", "not read")
    write(tmp_path, "photo.png", "")
    write(tmp_path, "Makefile", "")
    write(tmp_path, "README.md", "# About")
    opened = reader(tmp_path)
    assert [said_of(task) for task in opened] == ASKED
    assert opened.notes == [
        f"{tmp_path}: left out, since nothing reads them: 1 Makefile",
        f"{tmp_path}: left out beside the rows: README.md",
    ]
    assert [str(recognised) for recognised in opened.recognised] == [
        f"{tmp_path}: CSV, 1 row (prompt)",
        f"{tmp_path}: JSONL, 1 row (prompt)",
    ]


def test_several_files_of_a_kind_are_said_once(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        write(tmp_path, f"{name}.jsonl", lines({"prompt": name}))
    assert said(tmp_path) == [f"{tmp_path}: 3 JSONL files, 3 rows (prompt)"]


@pytest.mark.usefixtures("quiet")
def test_a_dataset_inside_a_folder(tmp_path: Path) -> None:
    dataset(ROWS[:1]).save_to_disk(tmp_path / "one" / "saved")
    write(tmp_path, "two.jsonl", lines(ROWS[1]))
    assert [said_of(task) for task in read(tmp_path)] == ASKED
    assert said(tmp_path) == [
        f"{tmp_path}: dataset, 1 row (prompt)",
        f"{tmp_path}: JSONL, 1 row (prompt)",
    ]


def test_folders_that_hold_nothing(tmp_path: Path) -> None:
    assert refused(tmp_path).startswith("no file that can be read (it is empty); known are .jsonl")
    write(tmp_path, "a.docx", "")
    (tmp_path / "inside").mkdir()
    assert refused(tmp_path).startswith("no file that can be read (found 1 .docx); known are")


def test_a_folder_of_rows_and_documents(tmp_path: Path) -> None:
    write(tmp_path, "a.jsonl", lines(ROWS[0]))
    write(tmp_path, "guide/fees.md", "# Fees\nFive.")
    assert refused(tmp_path) == (
        "holds rows (a.jsonl) and documents (guide/fees.md); push them apart, each by its own path"
    )


def test_links(tmp_path: Path) -> None:
    outside = write(tmp_path, "outside.jsonl", lines(ROWS[1]))
    folder = tmp_path / "folder"
    write(folder, "a.jsonl", lines(ROWS[0]))
    (folder / "b.jsonl").symlink_to(outside)
    (folder / "round").symlink_to(folder)
    opened = reader(folder)
    assert [said_of(task) for task in opened] == ASKED
    assert opened.notes == [
        f"{folder / 'round'}: a link to a folder, left out; name the folder itself"
    ]
    outside.unlink()
    with pytest.raises(SourceError, match=f"^{folder / 'b.jsonl'}: no such file$"):
        read(folder)
    (folder / "b.jsonl").unlink()
    (folder / "b.jsonl").symlink_to(folder / "b.jsonl")
    with pytest.raises(SourceError, match=rf"^{folder}: can't be read \(Too many levels"):
        read(folder)


# --- standard input


class Piped:
    """Standard input with some bytes in it."""

    def __init__(self, content: bytes) -> None:
        self.buffer = io.BytesIO(content)


def test_standard_input_is_jsonl(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    piped = Piped(lines(*ROWS).encode())
    monkeypatch.setattr(sys, "stdin", piped)
    assert [said_of(task) for task in read(Path("-"))] == ASKED
    assert not piped.buffer.closed
    monkeypatch.setattr(sys, "stdin", Piped(b'{"prompt": "a"}\nno\n'))
    with pytest.raises(SourceError, match=r"^standard input, line 2: not JSON"):
        read(Path("-"))


# --- memory

TEXT = "What does a card cost? " * 220  # 5 kB
PEAK = """
import sys
from pathlib import Path
from sync.settings import SourcesSection
from sync.intake.sources import SourceReader

def peak_mb():
    # not ru_maxrss, which begins with the parent's peak
    (line,) = [s for s in Path("/proc/self/status").open() if s.startswith("VmHWM")]
    return int(line.split()[1]) / 1024

def count(names):
    return sum(1 for _ in SourceReader([Path(name) for name in names], SourcesSection()))

few = count(sys.argv[1:3])
before = peak_mb()
print(few, count(sys.argv[3:]), peak_mb() - before)
"""


def numbered(folder: Path, count: int) -> list[Path]:
    """A JSONL and a JSON file of so many rows, 5 kB each."""
    rows = [json.dumps({"prompt": f"{n} {TEXT}"}) for n in range(count)]
    return [
        write(folder, f"{count}.jsonl", "\n".join(rows)),
        write(folder, f"{count}.json", f"[{','.join(rows)}]"),
    ]


def test_memory_stays_flat_however_large_a_file_is(tmp_path: Path) -> None:
    """What a process that has read small files adds to its peak over files of 30 MB."""
    few, many = numbered(tmp_path, 20), numbered(tmp_path, 6_000)
    done = subprocess.run(
        [sys.executable, "-c", PEAK, *map(str, [*few, *many])],
        capture_output=True,
        text=True,
        check=True,
    )
    counted_few, counted_many, grown_mb = done.stdout.split()
    assert (counted_few, counted_many) == ("40", "12000")
    assert min(path.stat().st_size for path in many) > 30_000_000
    assert float(grown_mb) < 8


def test_a_parquet_file_is_never_held_whole(tmp_path: Path) -> None:
    """Even where it is a single row group of one long column."""
    path = tmp_path / "a.parquet"
    table = pa.table({"prompt": [f"{n} {TEXT}" for n in range(6_000)]})
    pq.write_table(table, path, row_group_size=6_000, compression="NONE", use_dictionary=False)
    del table
    held_before = pa.total_allocated_bytes()
    most = max(pa.total_allocated_bytes() for _ in reader(path)) - held_before
    assert path.stat().st_size > 30_000_000
    assert most < 15_000_000
