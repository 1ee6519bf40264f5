"""In which language a text is written, judged by py3langid.

Code, addresses and what redaction left in place of names are of no language. A text of fewer than
twenty letters is seldom told rightly, and one of names and Latin terms not always.
"""

import functools
import importlib
import re
from typing import Protocol

# of no language: code, addresses, and what redaction left in place of names
_CODE = re.compile(r"^[ \t>]*(`{3,}|~{3,}).*?(?:^[ \t>]*\1|\Z)|`[^`\n]+`", re.DOTALL | re.MULTILINE)
_ADDRESS = re.compile(
    r"\b(?:https?://|www\.)\S+|(?<!\S)[^\s@]*@\S+|<[A-Z][A-Z0-9_]*>|\[[A-Z][A-Z0-9_]*\]"
)
_NO_LETTER = re.compile(r"[\W\d_]+")
# what py3langid calls text without a language
NO_LANGUAGE = "zxx"
# languages that a sentence or two don't tell apart
_ALIKE = (
    frozenset({"en", "pcm"}),
    frozenset({"da", "nb", "nn", "no", "sv"}),
    frozenset({"bs", "hr", "mk", "sl", "sr"}),
    frozenset({"cs", "sk"}),
    frozenset({"be", "bg", "mk", "ru", "uk"}),
    frozenset({"id", "jv", "ms"}),
    frozenset({"an", "ca", "es", "ext", "gl", "oc", "pt"}),
    frozenset({"af", "nl"}),
    frozenset({"de", "lb"}),
    frozenset({"it", "lij", "vec"}),
    frozenset({"ar", "ary", "arz"}),
    frozenset({"hi", "mr", "ne", "sa"}),
    frozenset({"fa", "ps", "sdh", "ug", "ur"}),
    frozenset({"he", "hbo"}),
    frozenset({"wuu", "yue", "zh"}),
)

Ranking = tuple[tuple[str, float], ...]


def prose(text: str) -> str:
    """A text without its code, addresses and placeholders."""
    return _ADDRESS.sub(" ", without_code(text))


def without_code(text: str) -> str:
    """A text without its fences and spans of code."""
    return _CODE.sub(" ", text)


def letters(text: str) -> str:
    """A text's letters alone."""
    return _NO_LETTER.sub("", text)


@functools.lru_cache(maxsize=64)
def ranking(text: str) -> Ranking:
    """Every language and its probability, the likeliest first."""
    return tuple(_identifier().rank(text))


def known_languages() -> list[str]:
    """The ISO 639 codes of those that can be told."""
    return sorted(code for code in _identifier().labels if code != NO_LANGUAGE)


def probability(text: str, language: str) -> float:
    """How likely a text is written in a language, or in one that it can't be told from."""
    alike = {language}.union(*(group for group in _ALIKE if language in group))
    return sum(likely for code, likely in ranking(text) if code in alike)


def language_of(text: str, least: float = 0.5) -> str | None:
    """The language of a text's prose, or None where that is not clear.

    Args:
        least: probability below which it is not clear, in (0, 1].
    """
    code = ranking(prose(text))[0][0]
    clear = code != NO_LANGUAGE and probability(prose(text), code) >= least
    return code if clear else None


def is_english(text: str) -> bool:
    """Whether a text's prose is more likely English than anything else together."""
    return probability(prose(text), "en") >= 0.5


@functools.cache
def _identifier() -> "_Identifier":
    """The model, loaded once a process, in half a second."""
    # by name, since it has no types
    langid = importlib.import_module("py3langid.langid")
    identifier: _Identifier = langid.LanguageIdentifier.from_model_file(
        langid.MODEL_FILE, norm_probs=True
    )
    return identifier


class _Identifier(Protocol):
    """What is used of py3langid."""

    labels: list[str]

    def rank(self, text: str) -> list[tuple[str, float]]:
        """Every language and its probability, the likeliest first."""
