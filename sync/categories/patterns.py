"""A rule's word, phrase or `re:` pattern as something that can be searched for."""

import functools
import re

REGEX = "re:"
# scripts that put no blanks between words, so that a word's edge can't be told
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_SPACED_LETTER = re.compile(rf"[^\W{_UNSPACED}]")


@functools.lru_cache(maxsize=4096)
def pattern(written: str) -> re.Pattern[str]:
    """What finds a rule in a text, whatever the case of its letters.

    A word or phrase is found as whole words, with any white space between them; what follows `re:`
    is a regular expression of Python's.

    Raises:
        ValueError: nothing to look for, or no regular expression.
    """
    if written.startswith(REGEX):
        source = written.removeprefix(REGEX).strip()
    else:
        words = written.split()
        source = r"\s+".join(map(re.escape, words))
        if words and _SPACED_LETTER.match(words[0][0]):
            source = rf"(?<!\w){source}"
        if words and _SPACED_LETTER.match(words[-1][-1]):
            source = rf"{source}(?!\w)"
    if not source:
        raise ValueError("nothing to look for")
    try:
        return re.compile(source, re.IGNORECASE)
    except re.error as error:
        raise ValueError(f"no regular expression: {error}") from error
