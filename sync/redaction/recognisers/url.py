"""Web addresses: with a scheme, with `www.`, or a bare domain that is no word, file or slip.

The list of domain endings is the snapshot that comes with `tldextract`; nothing is fetched.
"""

import functools
import re
from collections.abc import Iterator

import tldextract

from sync.redaction.recognisers.recogniser import Recogniser, Scored

_HOST = r"(?:\w(?:[\w-]{0,61}\w)?\.)+[^\W\d_][\w-]{0,61}[^\W_]"
_REST = r"(?::\d{1,5}\b)?(?:[/?#][^\s<>\"'`{}|\\^]*)?"
_WITH_SCHEME = re.compile(r"(?<!\w)(?:https?|ftps?|sftp|wss?)://[^\s<>\"'`{}|\\^]+", re.IGNORECASE)
_BARE = re.compile(rf"(?<![\w@./-]){_HOST}{_REST}(?!@)")
# what a sentence puts behind an address
_TRAILING = re.compile(r"[.,;:!?*_~]+$")

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
        for match in _BARE.finditer(text) if "." in text else ():
            found = _without_trailing(match[0])
            score = _score(found)
            if score:
                yield match.start(), match.start() + len(found), score


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
    suffix = _suffixes()(host).suffix
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


@functools.cache
def _suffixes() -> tldextract.TLDExtract:
    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
