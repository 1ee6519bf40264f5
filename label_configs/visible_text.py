"""Whether a text says anything to whoever reads it.

An emptied editor may leave more than white space: characters that nobody sees, `<p><br></p>`, the
stars of a bold word that was never written.
"""

import html
import re
import unicodedata

# format and control characters and blanks, then letters and marks that are blank as well
_UNSEEN_KINDS = frozenset({"Cf", "Cc", "Zs", "Zl", "Zp"})
_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u2800\u3164\uffa0")
_SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))

_ALONE = re.compile(r"<!--.*?-->|<(?:br|wbr|hr)\s*/?>", re.DOTALL | re.IGNORECASE)
# an element around nothing, unless it shows something by itself
_ELEMENT = re.compile(
    r"<(?!(?:audio|button|canvas|iframe|meter|object|progress|select|svg|textarea|video)\b)"
    r"([a-z][\w-]*)(?:\s[^<>]*)?>\s*</\1\s*>",
    re.IGNORECASE,
)
# the marks of code that was never written; a fence may name its language
_FENCE = re.compile(r"(`{3,}|~{3,})[ \t]*[\w+#.-]*\s*?(?:\n\s*\1\s*)?")
# what a line of Markdown begins with
_BEGINNING = re.compile(r"\s*(?:>|(?:#{1,6}|[-*+]|\d{1,9}[.)])(?=\s|$)(?:\s+\[[ xX]?\](?=\s|$))?)")
_LINE = re.compile(
    r"\s*(?:(?:[-*_=][ \t]*){3,}"  # a rule
    r"|\|?(?:[ \t:-]*\|){2,}[ \t:-]*"  # a row of a table
    r"|(?:(?:\*\*|__|_[ \t]+_|~~|``|!?\[\s*\]\(\s*\))[ \t]*)+)?\s*"  # bold, code and links
)
# a list or a heading that was begun, with the blank behind its sign
_BEGUN = re.compile(r"\s*[#>*+-][ \t]+\s*")
_NUMBERED = re.compile(r"\s*\d{1,9}[.)](?:[ \t]|\s*\n\s*\S)")
_ENTITY = re.compile(r"&#?\w+;")
_WORDS = re.compile(r"[^\W\d_]{2}\S*\s+\S*[^\W\d_]")
_OPERATORS = frozenset(("||", ">>", "[]", "()"))


def visible_text(text: str) -> str:
    """A text without the white space around it; "" where it holds nothing but blanks and markup.

    A single sign may be an answer, as `#` to what begins a comment, and so may be an operator.

    Example: " Yes.\\n" gives "Yes."; "\\u200b", "<p>&nbsp;</p>", "****" and "```\\n```" give "";
    "#" and "`<br>`" stay.
    """
    bare = text.strip()
    first = bare[:1]
    if first.isalnum() and first not in _UNSEEN and (first.isalpha() or not _NUMBERED.match(text)):
        return bare  # a word or a number
    return "" if _says_nothing(text) else bare


def is_unseen(text: str) -> bool:
    """Whether a text holds no character that can be seen."""
    return all(
        unicodedata.category(character) in _UNSEEN_KINDS
        or character in _UNSEEN
        or any(ord(character) in some for some in _SELECTORS)
        for character in text
    )


def _says_nothing(text: str) -> bool:
    unseen = [ord(c) for c in set(text) if c != "\n" and is_unseen(c)]
    seen = text.translate(dict.fromkeys(unseen, " "))
    if "`" not in seen and "~~~" not in seen:  # else tags may be what code shows
        seen = _without_elements(seen)
    bare = seen.strip()
    if len(bare) == 1:
        return _BEGUN.fullmatch(seen) is not None
    if bare in _OPERATORS or _WORDS.search(bare):
        return False
    return _FENCE.fullmatch(bare) is not None or all(map(_is_marks, seen.splitlines()))


def _without_elements(text: str) -> str:
    """HTML without blanks, comments, and elements that hold nothing, the innermost first."""
    left, number = _ALONE.sub(" ", _ENTITY.sub(_blank_or_itself, text)), 1
    while number:
        left, number = _ELEMENT.subn(" ", left)
    return left


def _blank_or_itself(entity: re.Match[str]) -> str:
    return " " if is_unseen(html.unescape(entity[0])) else entity[0]


def _is_marks(line: str) -> bool:
    """Whether a line of Markdown holds marks alone."""
    while begins := _BEGINNING.match(line):
        line = line[begins.end() :]
    return _LINE.fullmatch(line) is not None
