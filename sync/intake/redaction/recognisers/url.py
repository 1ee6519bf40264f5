"""Web addresses: with a scheme, with `www.`, or a bare domain (not a file's name).

An address ends where letters of another script begin, as RFC 3986 has it; letters of scripts with
blanks between words belong to it where a part of its path or query begins with them.
"""

import re
from collections.abc import Iterator

from sync.intake.redaction.recognisers.domains import suffixes
from sync.intake.redaction.recognisers.recogniser import Recogniser, Scored
from sync.intake.redaction.recognisers.writing import LATIN, SPACED, UNSPACED

_IN_LABEL = f"A-Za-z0-9_{LATIN}"
_LABEL = f"[{_IN_LABEL}](?:[{_IN_LABEL}-]{{0,61}}[{_IN_LABEL}])?"
_ENDING = f"[A-Za-z{LATIN}][{_IN_LABEL}-]{{0,61}}[A-Za-z0-9{LATIN}]"
# of an own script as a whole, such as `пример.рф`
_OTHER_LABEL = r"\w(?:[\w-]{0,61}\w)?"
_OTHER_ENDING = rf"(?=[^\W\d_A-Za-z{LATIN}])[^\W\d_][\w-]{{0,61}}[^\W_]"
_SIGN = rf"[!#$%&()*+,\-./0-9:;=?@A-Z\[\]_a-z~{LATIN}]"
# of an IRI (RFC 3987)
_OTHER_WORD = (
    rf"(?<=[/=?&#_.+-]){SPACED}[^\0-\x7f\s\u2000-\u206f\u3000-\u303f\uff00-\uffef{UNSPACED}]*"
)
_MORE = f"(?:{_SIGN}|{_OTHER_WORD})"
_REST = rf"(?::\d{{1,5}}(?!\d))?(?:[/?#]{_MORE}*)?"
_HTTP = r"https?|(?<![A-Za-z0-9+.-])(?:ftps?|sftp|wss?)"
_WITH_SCHEME = re.compile(
    rf"(?:{_HTTP})://(?:(?:{_OTHER_LABEL}\.)+{_OTHER_ENDING}{_REST}|{_MORE}+)", re.IGNORECASE
)
_BARE = re.compile(rf"(?<![{_IN_LABEL}@./-])(?:{_LABEL}\.)+{_ENDING}{_REST}(?!@)")
_BARE_OTHER = re.compile(rf"(?<![\w@./-])(?:{_OTHER_LABEL}\.)+{_OTHER_ENDING}{_REST}(?!@)")
# what a sentence puts behind an address
_TRAILING = re.compile(r"[.,;:!?*_~]+$")
_WWW = re.compile(r"[A-Za-z]{2,}(?=www\.)")

# endings that are as likely a word after a full stop without a blank, or the ending of a file
_WORDS = re.compile(
    "ad|ag|ai|am|an|as|at|be|by|co|de|do|et|fm|go|ha|he|hi|id|il|in|io|is|it|la|le|lu|ma|me|mm|mo"
    "|ms|mu|my|ne|no|nu|of|oh|om|on|or|pa|pm|re|sc|se|si|so|st|su|to|tv|un|us|va|vu|we|you|and|the"
    "|but|for|now|today|here|help|call|click|link|live|news|life|work|world|care|cash|money|bank"
    "|loans?|credit|cards?|express|delivery|exchange|fund|gifts|gold|band|best|app|date|save|new"
    "|one|play|plus|reviews?|sale|shop|store|support|team|tips|top|video|fan|fit|free|games?|fun"
    "|how|win|wow|open|page|pay|phone|pics|place|read|rent|run|school|show|site|space|talk|tax"
    "|taxi|tube|watch|web|yes|zero"
    "|md|py|rs|sh|pl|ps|cc|ml|zip|mov|java|js|ts|cs|vi"
)
# and those of them that a domain has far more often
_DOMAINS = re.compile("ai|co|de|io|se|me|tv|us|app")


class UrlRecogniser(Recogniser):
    """Addresses of sites and pages."""

    ENTITY = "URL"

    def scored(self, text: str) -> Iterator[Scored]:
        """See `Recogniser`."""
        for match in _WITH_SCHEME.finditer(text) if "://" in text else ():
            yield match.start(), match.start() + len(_without_trailing(match[0])), 0.95
        for match in _bare(text) if "." in text else ():
            glued = _WWW.match(match[0])
            start = match.start() + (glued.end() if glued else 0)
            found = _without_trailing(text[start : match.end()])
            score = _score(found)
            if score:
                yield start, start + len(found), score


def _bare(text: str) -> Iterator[re.Match[str]]:
    yield from _BARE.finditer(text)
    if not text.isascii():
        yield from _BARE_OTHER.finditer(text)


def _without_trailing(found: str) -> str:
    """The address without the full stop or the bracket of the sentence around it."""
    found = _TRAILING.sub("", found)
    for opening, closing in ("()", "[]"):
        while found.endswith(closing) and found.count(closing) > found.count(opening):
            found = _TRAILING.sub("", found[:-1])
    return found


def _score(found: str) -> float:
    """How likely `host.domain/path` without a scheme is an address; 0.0 for no known ending."""
    host = re.split(r"[:/?#]", found, maxsplit=1)[0]
    suffix = suffixes()(host).suffix
    if not suffix or suffix == host:
        return 0.0
    if host.lower().startswith("www."):
        return 0.95
    if len(found) > len(host) + 1 or host.count(".") > suffix.count(".") + 1:
        return 0.6  # a path, or a host within the domain
    ending = suffix.rsplit(".", 1)[-1]
    if not (ending.islower() or ending.isupper()):
        return 0.2  # `done.Next` is a slip, `example.com` and `EXAMPLE.COM` are not
    if "." in suffix or (ending.islower() and _DOMAINS.fullmatch(ending)):
        return 0.6
    return 0.2 if _WORDS.fullmatch(ending.lower()) else 0.6
