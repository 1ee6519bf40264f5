"""Numbers by which lines are found that may equal others: the same where a reader sees the same."""

import unicodedata
from pathlib import Path
from typing import Any

import orjson
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sync.common.same_text import all_as_read
from sync.training_files.formats.example_texts import Said
from sync.training_files.validation.likeness import Likenesses
from tests.sync.training_files.validation.validating import run, write


def numbers(prompts: list[list[str]]) -> list[int]:
    """Those of prompts, looked at together."""
    found = Likenesses()
    found.add_all([Said(prompt, [], [], 1) for prompt in prompts])
    return found.prompts.tolist()


def alike(one: list[str], other: list[str]) -> bool:
    """Together, and each by itself."""
    alone = numbers([one]) + numbers([other])
    assert numbers([one, other]) == alone
    return alone[0] == alone[1]


def folded(texts: list[str]) -> str:
    return all_as_read(texts).casefold()


def test_every_character_is_like_those_that_read_the_same() -> None:
    """By itself, in upper and lower case, folded, composed and in pieces; of all of Unicode."""
    texts: list[list[str]] = []
    reads: list[str] = []
    for code in range(0x110000):
        letter = chr(code)
        same = {
            letter,
            letter.upper(),
            letter.lower(),
            letter.casefold(),
            unicodedata.normalize("NFC", letter),
            unicodedata.normalize("NFD", letter),
        }
        if len(same) > 1:
            texts += ([f"x{other} y’"] for other in same)  # noqa: RUF001
            reads += (hex(code) + folded(text) for text in texts[-len(same) :])
    found: dict[str, set[int]] = {}
    for read, number in zip(reads, numbers(texts), strict=True):
        found.setdefault(read, set()).add(number)
    assert [read for read, alike in found.items() if len(alike) > 1] == []


# what is hard: case that changes lengths, letters in pieces, blanks of every kind, fences
HARD = (
    "aAbß ẞs\u017fSkK\u212aéÉe\u0301\u00b5\u03bc\u039cİi\u0307ÿŸﬁfi"
    " \t\n\r\x1c\x85\u00a0\u2003`~'“💳カガか\u3099"
)
some = st.text(alphabet=HARD, max_size=12)


@given(st.lists(some, max_size=3), st.lists(some, max_size=3))
@example([], [" "])
@example(["", ""], ["", " "])
@example([], ["", "\t"])
def test_texts_that_read_the_same_are_alike(ours: list[str], theirs: list[str]) -> None:
    for one, other in ((ours, theirs), (ours, [text.swapcase() for text in ours])):
        if folded(one) == folded(other):
            assert alike(one, other)


@given(some, st.integers(0, 900), st.sampled_from([" ", " \n", "\t\u00a0 "]))
def test_long_texts_are_alike_however_they_are_spaced(text: str, times: int, blank: str) -> None:
    words = [f"{text}{number}" for number in range(times)]
    one, other = " ".join(words), blank.join(words).swapcase()
    if folded([one]) == folded([other]):
        assert alike([one], [other])


few = st.sampled_from(
    ["Is it?", "is  it?", "IS IT?", "Is\nit?", "Isit?", "", " ", "s", "é", "e\u0301"]
)
chat = st.tuples(few, few).map(
    lambda said: {
        "messages": [
            {"role": role, "content": text}
            for role, text in zip(("user", "assistant"), said, strict=True)
        ]
    }
)


@settings(max_examples=30)
@given(lines=st.lists(chat, max_size=12), held=st.lists(chat, max_size=4))
def test_lines_that_are_read_again_have_the_verdicts_of_those_looked_at_at_once(
    tmp_path_factory: Any, lines: list[Any], held: list[Any]
) -> None:
    """What comes from stdin can't be read again, so all of it is looked at exactly."""
    folder: Path = tmp_path_factory.mktemp("likeness")
    train, other = write(folder / "t.jsonl", lines), write(folder / "v.jsonl", held)
    asked = ("--validation", other, "--format", "openai-chat")
    raw = b"".join(orjson.dumps(line) + b"\n" for line in lines)
    by_file, by_stdin = run(train, *asked), run("-", *asked, given=raw)
    assert by_file.problems == by_stdin.problems
    messages = [p["message"].replace(str(train), "stdin") for p in by_file.report["problems"]]
    assert messages == [p["message"] for p in by_stdin.report["problems"]]
