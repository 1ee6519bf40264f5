"""Blanks between marks: `[Customer Name]`, `{{amount}}`, `<date>`, `${name}`, `%(name)s`.

The marks of templates alone (`{{…}}`, `*|…|*`) tell a blank; others, which have other uses, need a
label of a blank between them, as in `[PDF, 3 pages]` there is none.
"""

import re
from collections.abc import Callable, Iterator

from sync.quality.blanks.labels import labels_a_blank, names_a_thing

_Judge = Callable[[str], bool]

# elements of HTML
_ELEMENTS_SAID = """
    a abbr address area article aside audio b base blockquote body br button canvas caption center
    cite code col data dd del details dfn dialog div dl dt em embed fieldset figure font footer form
    h1 h2 h3 h4 h5 h6 head header hr html i iframe img input ins kbd label legend li main map
    mark menu meta nav object ol option output p param picture pre progress q rp rt ruby s samp
    script section select small source span strike strong style sub summary sup svg table tbody td
    template text textarea tfoot th thead time title tr track tt u ul var video wbr
    """
_ELEMENTS = frozenset(_ELEMENTS_SAID.split())
# elements that models and prompts put around an answer
_AROUND_AN_ANSWER_SAID = "answer response content event file image term plan"
_AROUND_AN_ANSWER = frozenset(_AROUND_AN_ANSWER_SAID.split())
# what redaction leaves in place of personal data: ours, and presidio's
_REDACTED = re.compile(
    r"[A-Z][A-Z0-9_]*_\d+|PERSON|LOCATION|DATE_TIME|PHONE_NUMBER|EMAIL_ADDRESS|CREDIT_CARD|US_\w+|"
    r"IBAN_CODE|IP_ADDRESS|ORGANIZATION|UK_NHS|MEDICAL_LICENSE|CRYPTO|URL|NRP|REDACTED"
)
# what a program calls a value
_NAME = re.compile(r"[^\W\d_][\w.]{2,}")
# signs for what is not known yet
_SIGNS = re.compile(
    r"[ \t]{2,}|_+|[?？]+|[●•○〇◯]+|X{2,}|x{2,}|#+|N{2,}|-{2,}|\*{2,}|(?:X{1,4}|x{2,4})[ -]\w+"
)


def _square(label: str) -> bool:
    if label != "URL" and _REDACTED.fullmatch(label):
        return False
    return labels_a_blank(label) or _SIGNS.fullmatch(label) is not None


def _angled(label: str) -> bool:
    first = label.split()[0].lower()
    if label.lower() in _AROUND_AN_ANSWER or _REDACTED.fullmatch(label):
        return False
    if first in _ELEMENTS and (label != label.title() or " " not in label):
        return False
    return labels_a_blank(label.replace("-", " "))


def _braced(label: str) -> bool:
    return _NAME.fullmatch(label) is not None or names_a_thing(label)


def _to_insert(label: str) -> bool:
    return label.lower().startswith(("insert ", "fill ")) and labels_a_blank(label)


def _in_capitals(label: str) -> bool:
    return label.isupper() and names_a_thing(label)


def _any(label: str) -> bool:
    return True


# what a text with such marks holds, how a mark looks, and whether its label is one of a blank
_MARKS: tuple[tuple[str, re.Pattern[str], _Judge], ...] = (
    # neither a link nor an item that is ticked off
    (
        "[",
        re.compile(
            r"(?<![-*+] )(?<!\])\[{1,2}(?!(?<=^\[)[^\[\]\n]+\]:)([^\[\]\n]{1,90})\]{1,2}(?![(\[])",
            re.MULTILINE,
        ),
        _square,
    ),
    ("<", re.compile(r"(?<![\w<])<{1,2}([^\W\d_][^<>\n/=]{1,60})>{1,2}"), _angled),
    ("&lt;", re.compile(r"&lt;([^\W\d_][^<>&\n]{1,60})&gt;"), _angled),
    ("【", re.compile(r"【([^【】\n]{1,40})】"), labels_a_blank),
    ("［", re.compile(r"［([^［］\n]{1,40})］"), labels_a_blank),
    ("«", re.compile(r"«(\w{2,40})»"), names_a_thing),
    ("((", re.compile(r"\(\(([^()\n]{3,60})\)\)"), labels_a_blank),
    (">>", re.compile(r">>\s*([^<>\n]{3,60}?)\s*<<"), labels_a_blank),
    ("==", re.compile(r"==\s*([^=\n]{3,60}?)\s*=="), labels_a_blank),
    ("--", re.compile(r"--\s*([^-\n]{3,60}?)\s*--"), _to_insert),
    ("*", re.compile(r"(?<!\w)\*{1,3}([^*\n]{3,60})\*{1,3}(?!\w)"), _to_insert),
    ("_", re.compile(r"(?<!\w)_{1,3}([^_\n]{3,60})_{1,3}(?!\w)"), _to_insert),
    # of templates
    ("{{", re.compile(r"(?<![\w$\\^}])\{{2,3}([#/^>&!~-]?\s*[^\W\d][^{}\n]{0,60})\}{2,3}"), _any),
    (
        "{",
        re.compile(r"(?<![\w${}\\^])\{!?([^\W\d][\w .-]{1,40})(?:[:!][\w.,<>+%-]{1,8})?\}(?!\})"),
        _braced,
    ),
    (
        "{",
        re.compile(r"(?<![\w${}\\^])\{(\w+, ?(?:plural|select|selectordinal|number|date|time)\b)"),
        _any,
    ),
    ("{", re.compile(r"(?<=[a-z,:] )(?<!set )\{(\d)\}(?=[ .,;!]|$)", re.MULTILINE), _any),
    ("{", re.compile(r"[$#]\{([A-Za-z][\w.]{2,40})\}(?![$_^])"), _any),
    ("$", re.compile(r"(?<![\w$])\$([A-Za-z][A-Za-z_.]{3,40})\b(?![$])"), names_a_thing),
    ("%", re.compile(r"(?<!\d)%{1,2}([A-Za-z][\w. -]{2,40})%{1,2}(?!\w)"), names_a_thing),
    ("%", re.compile(r"(?<![\w%)] )(?<![\w%)])%((?:\d\$|\(\w+\))?[sd@])(?!\w)"), _any),
    ("%", re.compile(r"(?<=[a-z,] )%((?:\d\$|\(\w+\))?[sd@])(?!\w)"), _any),
    ("%", re.compile(r"[<{\[]%([^%\n]{1,80})%[>}\]]"), _any),
    ("*|", re.compile(r"\*\|([\w:]{2,40})\|\*"), _any),
    ("@@", re.compile(r"@@(\w{2,40})@@"), _any),
    ("##", re.compile(r"##(\w{2,40})##"), names_a_thing),
    ("__", re.compile(r"(?<!\w)__(\w{2,40}?)__(?![\w:])"), _in_capitals),
)


def marked_blanks(text: str) -> Iterator[str]:
    """Every blank between marks, as it stands in a text."""
    for holds, mark, is_blank in _MARKS:
        if holds in text:
            for found in mark.finditer(text):
                if is_blank(found[1].strip() if found[1].strip() else found[1]):
                    yield found[0]
