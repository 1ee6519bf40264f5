"""A grammar (GBNF) that lets a llama.cpp server write one text alone, token by token."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_SPECIAL = re.compile(r'[\\"]')
_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def text_grammar(text: str, tokens: Sequence[Mapping[str, Any]]) -> str:
    """A grammar of this text, in the tokens that the model's tokenizer cuts it into.

    A grammar of its signs alone would leave the cut to the model, sign by sign: where it likes
    " a" better than " attracted", it writes the rest in pieces that it never saw so.

    Args:
        tokens: `id` and `piece` of each, as `/tokenize` tells them; a piece that is no whole text
            is a list of bytes. If they say something else than the text, it stands sign by sign.
    """
    said = b"".join(_bytes(token["piece"]) for token in tokens)
    parts = _parts(tokens) if tokens and said == text.encode() else [_literal(text)]
    return f"root ::= {' '.join(parts)}"


def _parts(tokens: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """A token each; signs that several share stand for themselves, as llama.cpp takes them."""
    shared = b""
    for token in tokens:
        piece = token["piece"]
        if isinstance(piece, str):
            if shared:
                yield _literal(shared.decode())
            shared = b""
            yield f"<[{token['id']}]>"
        else:
            shared += _bytes(piece)
    if shared:
        yield _literal(shared.decode())


def _bytes(piece: str | list[int]) -> bytes:
    return piece.encode() if isinstance(piece, str) else bytes(piece)


def _literal(text: str) -> str:
    quoted = _SPECIAL.sub(lambda found: f"\\{found[0]}", text)
    for sign, escape in _ESCAPES.items():
        quoted = quoted.replace(sign, escape)
    return f'"{quoted}"'
