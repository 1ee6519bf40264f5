"""Answers that stop in the middle: of a sentence, a list, a table or code.

Most texts end with a full stop, and one that doesn't often ends with a heading, a link, an item or
a name. So the last words count only where the rest of the answer has punctuation, and where they
read like prose; a comma, an open bracket or an "of the" at the end count always.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sync.common.languages import language_of
from sync.quality.text_checks.checked_text import CheckedText, TextFault

# what ends a sentence: Latin, Arabic, Devanagari, Ethiopic, Burmese, Armenian, Chinese
END = ".!?…؟۔।॥።፧။։。！？｡"
_FENCE = re.compile(r"^[ \t>]*(`{3,}|~{3,})", re.MULTILINE)
_ITEM = re.compile(r"^[ \t>]*(?:[-*+•‣◦–]|\(?\d{1,3}[.)]|\(?[a-z][.)])(?:[ \t]+|$)")
_HEADING = re.compile(r"^[ \t]*(?:#{1,6} |\*\*[^*]+\*\*:?$|__[^_]+__:?$|[=-]{3,}$)")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+$|@\S+\.\w+$|\]\([^)\s]*\)$|^<\S+>$|`$")
_LONGEST_ADDRESS = 300
_LABEL = re.compile(r"^.*[^\s\d]: +(?=\S)")
# what may stand after the end of a sentence: quotes, brackets, marks of emphasis, references
_TAIL = re.compile(r"(?:[\"'”’»)\]*_」』）】》~]|\[\d+\]|\(\d+\))+$")
_SENTENCE_END = re.compile(rf"[{re.escape(END)}][\"'”’»)\]*_」』）】》]*(?:\s+|$)|[。！？]")
_OPEN = re.compile(r"[,，、;(\[{“„«「『（《+&=/–—]$|\s-$")
# words that need another one after them, and words that begin a sentence and no heading
_NEED_MORE_SAID = """
    the a an of and or with for to from by at as than that on in which who whose where when because
    if although while into onto upon between among including such is are was were be been being has
    have had will would should could may might must can cannot not no its their his her your our my
    these those this very more most less each every both either neither via per due during about
    and/or i.e. e.g.
    der die das den dem des ein eine einen einem einer eines und oder mit für von zu zum zur im am
    auf bei durch als dass weil wenn ist sind wird werden kann können sowie nicht sich
    le la les un une des du de et ou avec pour par dans sur que qui est sont au aux ne se ce cette
    el los las una unos y o con para por en del al que es son se su sus lo
    il lo gli uno e di da che per con nel nella è sono het een van en of met voor op
"""
_BEGIN_SAID = """
    the a an it its this that these those there they he she we you i in on at for if when while
    although however therefore moreover furthermore additionally also as by because since after
    before during some many most several such each every both patients your his her their our my
    and but or so then thus once until with without from to not no
    der die das ein eine es dies diese dieser in im bei wenn falls während jedoch außerdem daher
    sie er wir ihr und oder aber le la les un une il elle ils ce cette dans en si lorsque cependant
    el los las una en si cuando sin además este esta para por
"""
_NEED_MORE, _BEGIN = frozenset(_NEED_MORE_SAID.split()), frozenset(_BEGIN_SAID.split())
# at the end of a page that was copied
_LINKS = frozenset({"top of page", "back to top", "read more", "learn more", "see also"})
# words of an answer of one line that should end with a full stop
_SENTENCE = 8
# no punctuation ends a sentence there
_WITHOUT = frozenset({"th", "lo", "km"})
_SMALL = 4  # letters of a word that headings don't begin with a capital


@dataclass(frozen=True)
class CutOff:
    """Answers that end before they are finished.

    Attributes:
        strict: whether also a last sentence that lacks nothing but its full stop counts.
    """

    strict: bool = True

    def __call__(self, text: CheckedText) -> Iterator[TextFault]:
        answer = text.answer.rstrip()
        lines = [line for line in answer.splitlines() if line.strip()]
        if not lines:
            return
        if len(_FENCE.findall(answer)) % 2:
            if _code_is_open(answer):
                yield _fault("its code", answer, 0.0)
            return
        if _FENCE.match(lines[-1]):
            return
        certain = _certainly(lines)
        if certain:
            yield _fault(certain, answer, 0.1)
        elif self.strict and _probably(lines) and language_of(answer) not in _WITHOUT:
            yield _fault("a sentence", answer, 0.3)


def _fault(what: str, answer: str, score: float) -> TextFault:
    end = " ".join(answer[-60:].split())
    return TextFault(
        f"the answer stops in the middle of {what} (“…{end[-40:]}”); finish it, or reject it",
        score,
    )


def _code_is_open(answer: str) -> bool:
    """Whether the code after the last fence ends inside a bracket, a string or a statement."""
    code = answer[[m.end() for m in _FENCE.finditer(answer)][-1] :].split("\n", 1)
    body = code[1].rstrip() if len(code) > 1 else ""
    unbalanced = any(body.count(a) > body.count(b) for a, b in ("()", "[]", "{}"))
    return not body or unbalanced or body[-1] in ",:=+-*/&|\\.(<" or body[-1].isalnum()


def _certainly(lines: list[str]) -> str | None:
    last = lines[-1].strip()
    if _ITEM.fullmatch(lines[-1]) and len(lines) > 1 and not set(last) <= set("-*"):
        return "a list"
    if last.startswith("|") and lines[-2:-1] and lines[-2].strip().startswith("|"):
        return None if last.endswith("|") or not lines[-2].strip().endswith("|") else "a table"
    if _HEADING.match(lines[-1]) or _is_address(last):
        return None
    words = last.split()
    if _opens(last) or (len(words) > 3 and words[-1].lower() in _NEED_MORE):
        return "a sentence"
    return None


def _is_address(line: str) -> bool:
    """Whether a line ends with a link, an address or code."""
    return _ADDRESS.search(line.split()[-1][-_LONGEST_ADDRESS:]) is not None


def _opens(last: str) -> bool:
    """Whether the line ends with a sign that something follows."""
    if _OPEN.search(last):
        # the end of a letter, a sum or a rule of signs
        return (
            len(last.split()) > 3 and last.count("$") % 2 == 0 and not last.endswith(("--", "++"))
        )
    after = last[max(last.rfind(end) for end in END) + 1 :]
    return any(after.count(a) > after.count(b) for a, b in ("()", "[]", "（）")) and len(after) > 3


def _probably(lines: list[str]) -> bool:
    """Whether the last words read like the beginning of a sentence."""
    last = _TAIL.sub("", lines[-1].strip())
    if not last or _HEADING.match(lines[-1]) or _is_address(lines[-1].strip()):
        return False
    if not (last[-1].isalnum() or last[-1] in ",-"):
        return False
    ends = list(_SENTENCE_END.finditer(lines[-1]))
    rest = _TAIL.sub("", lines[-1][ends[-1].end() :] if ends else lines[-1]).strip()
    item = _ITEM.match(rest)
    if item and (ends or len(lines) > 1):
        return bool(ends or _others_end(lines, items=True)) and len(rest.split()) > 2
    if " - " in rest or "|" in rest:
        return False
    if ends:
        return _goes_on(_LABEL.sub("", rest), labelled=_LABEL.match(rest) is not None)
    if len(lines) == 1:
        return rest[:1].isupper() and len(rest.split()) >= _SENTENCE and _is_prose(rest)
    if lines[-2].rstrip().endswith(","):
        return False  # who signs a letter
    return _others_end(lines, items=False) and (_begins(rest) or _is_prose(rest))


def _others_end(lines: list[str], items: bool) -> bool:
    """Whether most of the lines before end like sentences, at least two of them."""
    before = [line for line in lines[:-1] if bool(_ITEM.match(line)) is items]
    ended = sum(
        _TAIL.sub("", line.rstrip())[-1:] in tuple(END) or line.rstrip()[-1:] in tuple(END)
        for line in before
    )
    return ended >= max(1, (len(before) + 1) // 2) and (ended >= 2 or not items)


def _goes_on(rest: str, labelled: bool) -> bool:
    """Whether words after the end of a sentence begin another one."""
    words = rest.split()
    if not words:
        return False
    if not any(c.isupper() or c.islower() for c in rest):
        # a script without capitals
        return len(rest) > 1 and any(c.isalpha() for c in rest)
    if _begins(rest) or _is_prose(rest):
        return True
    short = len(words) <= 4 and all(word[0].islower() for word in words[1:])
    return short and not labelled and rest.lower() not in _LINKS and words[0][0].isalpha()


def _begins(rest: str) -> bool:
    return rest.split()[0].strip("*_\"'“(,;:").lower() in _BEGIN


def _is_prose(rest: str) -> bool:
    """Whether its last words are mostly small ones, unlike those of a heading or a name."""
    words = rest.split()
    if len(words) <= 4:
        return False
    small = [w for w in words[-6:] if w[0].islower() and len(w) > _SMALL]
    large = [w for w in words[-6:] if w[0].isupper()]
    return len(small) > len(large)
