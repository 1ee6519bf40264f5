"""Host names: which endings a domain can have, and where a name ends that touches a word.

The list of endings is the snapshot that comes with `tldextract`; nothing is fetched.
"""

import functools

import tldextract

# endings inside a company or a house, which no list has
_INNER = frozenset(
    {
        *("local", "localhost", "localdomain", "corp", "internal", "intern", "intranet", "lan"),
        *("home", "private", "priv", "domain", "host", "mail", "server", "test", "example"),
        *("invalid", "arpa", "ad", "box", "onion"),
    }
)
# of two letters only these are taken off a glued word: too many words begin with one
_COUNTRIES = frozenset(
    {"at", "br", "ch", "cn", "de", "es", "eu", "fr", "it", "jp", "kr", "nl", "pl", "ru", "uk", "us"}
)


@functools.cache
def suffixes() -> tldextract.TLDExtract:
    """Tells the public suffix of a host."""
    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


@functools.cache
def endings() -> frozenset[str]:
    """All last labels that a domain can have, in lower case."""
    return frozenset(suffix for suffix in suffixes().tlds if "." not in suffix)


def without_glued_word(host: str) -> str:
    """A host up to its ending, where a sentence goes on without a blank: `example.comand then`.

    A host with an ending that is known, or that a company may have inside, stays as it is; so
    does one that has none at all.
    """
    *before, last = host.split(".")
    if _is_ending(last):
        return host
    if last[:1].isupper() and len(before) > 1 and _is_ending(before[-1]):
        return ".".join(before)  # a sentence begins behind the full stop
    for length in range(len(last) - 1, 1, -1):
        ending = last[:length].lower()
        known = ending in endings() if length > 2 else ending in _COUNTRIES
        if known and last[length:].isalpha():
            return ".".join([*before, last[:length]])
    return host


def _is_ending(label: str) -> bool:
    return label.lower() in endings() or label.lower() in _INNER
