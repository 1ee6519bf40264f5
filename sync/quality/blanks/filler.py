"""Text that fills a page for the time being, and names and addresses that nobody has.

"Lorem ipsum dolor sit amet", "blah blah", "XYZ Bank", `www.your-company.com`.
"""

import re
from collections.abc import Iterator

_MADE_UP_SITE = re.compile(
    r"(?:\b|@)(?:www\.)?(?:your[-_]?(?:company|bank|domain|website|site|brand|business|hospital|clinic|"
    r"organi[sz]ation|shop|store|firm|name|url|link)|xxx+|yourcompanyname|companyname|insert-?\w+)"
    r"\.(?:com|org|net|co\.uk|de|io|eu)\b",
    re.IGNORECASE,
)
_MADE_UP_ADDRESS = re.compile(
    r"\b(?:name|email|e-mail|user|username|firstname\.lastname|someone|info|support|contact)@(?:domain|company|"
    r"email|website|mail)\.(?:com|org|net)\b",
    re.IGNORECASE,
)
_MADE_UP_NAME = re.compile(
    r"\b(?:XYZ|ABC|XXX) (?:Company|Corp(?:oration)?|Inc|Ltd|LLC|Bank|Hospital|Clinic|Insurance|Group|GmbH|"
    r"Product|Plan|Service|Software)\b|\b(?:[Cc]ompany|[Bb]ank|[Pp]roduct|[Hh]ospital|[Cc]ustomer|[Cc]lient|Dr\.?|"
    r"Mr\.?|Ms\.?|Mrs\.?) (?:XYZ|XXX|ABC)\b|\b(?:Company|Customer|Client|Product|Bank|Hospital) Name\b(?!:)|\bAny(?:town|city|street)\b"
)
# the words of the printers' Latin, whichever sentences of it were taken
_LATIN_WORDS = """
    lorem ipsum dolor amet consectetur consectetuer adipiscing adipisicing adipisci elit eiusmod tempor
    incididunt labore dolore aliqua aliquam enim minim veniam quis nostrud exercitation ullamco laboris
    iste primis faucibus ante orci error nisi aliquip commodo consequat duis aute irure reprehenderit voluptate velit cillum fugiat nulla
    pariatur excepteur sint occaecat cupidatat proident culpa officia deserunt mollit laborum
    pellentesque habitant morbi tristique senectus netus malesuada fames turpis egestas vestibulum
    ultrices posuere cubilia curae donec sagittis curabitur vivamus praesent suspendisse phasellus
    maecenas bibendum tincidunt ullamcorper scelerisque sollicitudin condimentum vulputate facilisis
    fringilla hendrerit dignissim euismod feugiat mauris nullam integer vehicula sapien tellus luctus
    perspiciatis unde omnis natus voluptatem accusantium doloremque laudantium totam aperiam eaque ipsa
    inventore veritatis architecto beatae dicta explicabo nemo ipsam aspernatur odit fugit
"""
_LATIN = frozenset(_LATIN_WORDS.split())
_LATIN_IN_A_ROW, _OF_THE_LIST = 4, 3
_WORDS = re.compile(r"[a-z]+")
_FILLER = re.compile(
    r"\b(?:bla+h?[ ,.]+){2,}|\b(?:yada[ ,.]+){2,}|\b(?:asdf|sdfg|qwer(?:ty|tz)|hjkl|jklö)(?:asdf|gh\w*|jkl\w*|uiop)?\b"
    r"(?![ -]?(?:keyboard|layout|key))|\bfoo[ ,]+bar[ ,]+baz\b|\b(?:(text|test|foo|bar|xxx)[ ,.]+)\1[ ,.]+\1\b"
    r"|\bquick brown fox jumps\b|\b(?:item|bullet(?: point)?|point|reason|fact|sentence|paragraph) "
    r"(?:1|one)\W*\n\W*(?:item|bullet(?: point)?|point|reason|fact|sentence|paragraph) (?:2|two)\W*$",
    re.IGNORECASE | re.MULTILINE,
)


def filler_in(text: str) -> Iterator[str]:
    """What fills a page, and names that stand for another."""
    for pattern in (_MADE_UP_NAME, _FILLER):
        for found in pattern.finditer(text):
            yield " ".join(found[0].split())
    if latin := _printers_latin(text):
        yield latin


def made_up_sites(text: str) -> Iterator[str]:
    """Addresses of a site that is yet to be named, as `www.your-company.com`."""
    for pattern in (_MADE_UP_SITE, _MADE_UP_ADDRESS):
        for found in pattern.finditer(text):
            yield found[0].strip("@")


def _printers_latin(text: str) -> str | None:
    row: list[str] = []
    for word in _WORDS.findall(text.lower()):
        row = [*row, word] if word in _LATIN or (row and len(word) <= 3) else []
        if len(row) >= _LATIN_IN_A_ROW and len(_LATIN.intersection(row)) >= _OF_THE_LIST:
            return " ".join(row)
    return None
