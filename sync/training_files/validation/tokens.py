"""How many tokens texts have: exactly where a vocabulary is at hand, else a bound and an estimate.

Nothing is ever fetched: a vocabulary is either on this machine or it is not.
"""

import hashlib
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

from sync.common.errors import SyncError

# what a chat template adds; OpenAI's cookbook, "How to count tokens with tiktoken": 3 a message
# and its role, and 3 for the reply
PER_TURN = 4
PER_EXAMPLE = 3

_BYTES_PER_TOKEN = 4  # of English, by OpenAI's rule of thumb
_URL = "https://openaipublic.blob.core.windows.net/encodings/"
# of tiktoken's encodings: the file that each is made of and its sha256, as tiktoken 0.14 has them
_VOCABULARIES = {
    "cl100k_base": (
        "cl100k_base.tiktoken",
        "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7",
    ),
    "o200k_base": (
        "o200k_base.tiktoken",
        "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
    ),
}
_VOCABULARIES["o200k_harmony"] = _VOCABULARIES["o200k_base"]


class TokenCounter(Protocol):
    """Counts tokens.

    Attributes:
        name: of the vocabulary, for people.
        exact: whether a length is the number of tokens; else it is an upper bound.
    """

    @property
    def name(self) -> str: ...

    @property
    def exact(self) -> bool: ...

    def lengths(self, texts: Sequence[str]) -> list[int]:
        """The tokens of each text, without a chat template's: no fewer than there are."""

    def about(self, length: int) -> int:
        """The likeliest number of tokens of a length, or of a sum of lengths."""


class ByteCounter:
    """Without a vocabulary.

    A token of byte-level BPE, or of SentencePiece with byte fallback, is one byte or more, so that
    the bytes of UTF-8 are an upper bound.
    """

    exact = False
    name = "an estimate by length"

    def lengths(self, texts: Sequence[str]) -> list[int]:
        return utf8_lengths(texts)

    def about(self, length: int) -> int:
        return -(-length // _BYTES_PER_TOKEN)


def utf8_lengths(texts: Sequence[str]) -> list[int]:
    """The bytes of each text in UTF-8, half of a surrogate pair as three."""
    whole = "".join(texts)
    lengths = list(map(len, texts))
    if whole.isascii():
        return lengths
    try:
        narrow = np.frombuffer(whole.encode("latin-1"), dtype=np.uint8)
    except UnicodeEncodeError:
        return _wide_lengths(texts)
    counts = np.array(lengths)
    some = counts > 0  # a sum over nothing would be that over one
    starts = (np.cumsum(counts) - counts)[some]
    beyond = (narrow > 0x7F).view(np.uint8)  # of two bytes
    counts[some] += np.add.reduceat(beyond, starts, dtype=np.uint32)
    found: list[int] = counts.tolist()
    return found


def _wide_lengths(texts: Sequence[str]) -> list[int]:
    try:
        return [len(text.encode()) for text in texts]
    except UnicodeEncodeError:
        return [len(text.encode("utf-8", "surrogatepass")) for text in texts]


class TiktokenCounter:
    """One of OpenAI's vocabularies, by tiktoken."""

    exact = True

    def __init__(self, encoding: str) -> None:
        """
        Args:
            encoding: one that `cached_encoding` says is on this machine.
        """
        import tiktoken

        self.name = encoding
        self._encoding = tiktoken.get_encoding(encoding)

    def lengths(self, texts: Sequence[str]) -> list[int]:
        return [len(self._encoding.encode_ordinary(text)) for text in texts]

    def about(self, length: int) -> int:
        return length


class TokenizerCounter:
    """A Hugging Face tokenizer, by its `tokenizer.json`."""

    exact = True

    def __init__(self, path: Path) -> None:
        """
        Args:
            path: of the file or of the folder that holds it.

        Raises:
            SyncError: there is none, or it can't be used.
        """
        from tokenizers import Tokenizer

        file = path / "tokenizer.json" if path.is_dir() else path
        if not file.is_file():
            raise SyncError(
                f"{file}: no such file; give --tokenizer a tokenizer.json or a model's folder that "
                "holds one"
            )
        try:
            self._tokenizer = Tokenizer.from_file(str(file))
        except Exception as error:  # the library raises nothing narrower
            raise SyncError(f"{file}: not a tokenizer.json that can be read") from error
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self.name = path.name if path.is_dir() else str(path)

    def lengths(self, texts: Sequence[str]) -> list[int]:
        return list(map(len, self._tokenizer.encode_batch_fast(texts, add_special_tokens=False)))

    def about(self, length: int) -> int:
        return length


def counter_for(tokenizer: str | None, model: str | None) -> tuple[TokenCounter, str | None]:
    """What to count with, and what to do for an exact count where this is none.

    Args:
        tokenizer: a path, or `estimate`; None: what the model's name says.
        model: whose vocabulary is wanted.

    Raises:
        SyncError: the tokenizer can't be used.
    """
    if tokenizer == "estimate":
        return ByteCounter(), None
    if tokenizer is not None:
        return TokenizerCounter(Path(tokenizer)), None
    encoding = _encoding_of(model) if model else None
    if encoding is None:
        return ByteCounter(), (
            "tokens are estimated by length; --tokenizer FOLDER counts them with a model's "
            "tokenizer.json, --model NAME with OpenAI's vocabulary"
        )
    if cached_encoding(encoding):
        return TiktokenCounter(encoding), None
    return ByteCounter(), (
        f"tokens are estimated by length: {encoding}, the vocabulary of {model}, is not on this "
        f'machine; where the net can be reached, `python -c "import tiktoken; '
        f"tiktoken.get_encoding('{encoding}')\"` fetches it into {_cache_folder()}"
    )


def cached_encoding(encoding: str) -> bool:
    """Whether tiktoken has all of an encoding on this machine, so that it opens no socket."""
    if encoding not in _VOCABULARIES:
        return False
    file, sha256 = _VOCABULARIES[encoding]
    key = hashlib.sha1((_URL + file).encode(), usedforsecurity=False).hexdigest()
    try:
        with (_cache_folder() / key).open("rb") as found:
            return hashlib.file_digest(found, "sha256").hexdigest() == sha256
    except OSError:
        return False


def _cache_folder() -> Path:
    """Where tiktoken keeps its vocabularies: the rule is its own (tiktoken.load)."""
    for variable in ("TIKTOKEN_CACHE_DIR", "DATA_GYM_CACHE_DIR"):
        if variable in os.environ:
            return Path(os.environ[variable])
    return Path(tempfile.gettempdir()) / "data-gym-cache"


def _encoding_of(model: str) -> str | None:
    """The name of the vocabulary of an OpenAI model, or None for others'."""
    from tiktoken.model import encoding_name_for_model

    try:
        name = encoding_name_for_model(model)
    except KeyError:
        return None
    return name if name in _VOCABULARIES else None
