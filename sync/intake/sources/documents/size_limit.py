"""Blocks of text as texts of at most a given length, split where it hurts least."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

_GAP = "\n\n"


@dataclass(frozen=True)
class TextBlock:
    """A paragraph, list, table, code block or heading, as Markdown."""

    text: str
    is_heading: bool = False


def joined_length(blocks: Sequence[TextBlock]) -> int:
    """Characters of the blocks as one text."""
    return sum(len(block.text) for block in blocks) + len(_GAP) * max(0, len(blocks) - 1)


def split(blocks: Sequence[TextBlock], largest: int) -> list[str]:
    """Texts of about the same length, each at most `largest` characters; a heading ends none.

    Every word is in exactly one text, in order.
    """
    pieces = [
        TextBlock(text, block.is_heading)
        for block in blocks
        for text in _pieces(block.text, largest)
    ]
    total = joined_length(pieces)
    if total <= largest:
        return [_GAP.join(piece.text for piece in pieces)]
    even = total / math.ceil(total / largest)
    texts: list[list[TextBlock]] = [[]]
    for piece in pieces:
        current = texts[-1]
        too_long = joined_length([*current, piece]) > largest
        if current and (too_long or joined_length(current) >= even):
            texts.append(_headings_at_end(current))
            if joined_length([*texts[-1], piece]) > largest:
                texts.append([])
        texts[-1].append(piece)
    return [_GAP.join(piece.text for piece in text) for text in texts if text]


def _headings_at_end(blocks: list[TextBlock]) -> list[TextBlock]:
    """Take the headings from the end of a text, for the next; none when there is nothing else."""
    kept = len(blocks)
    while kept and blocks[kept - 1].is_heading:
        kept -= 1
    if not kept:
        return []
    moved = blocks[kept:]
    del blocks[kept:]
    return moved


def _pieces(text: str, largest: int) -> list[str]:
    """A block in pieces: at line ends, else sentence ends, else spaces, else anywhere."""
    pieces: list[str] = []
    rest = text
    while len(rest) > largest:
        window = rest[: largest + 1]
        end = next(
            (
                at + len(mark.rstrip())
                for mark in ("\n", ". ", "? ", "! ", " ")
                if (at := window.rfind(mark, largest // 2, largest + 1)) > 0
            ),
            largest,
        )
        pieces.append(rest[:end].rstrip())
        # a line keeps its indent
        rest = rest[end:].lstrip(" " if rest[end] == " " else "\n")
    return [piece for piece in (*pieces, rest) if piece.strip()]
