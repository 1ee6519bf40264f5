"""Pictures as bytes: of which kind they are, how many pixels they have, and as a data URI."""

import base64
import binascii
import re
import struct
from dataclasses import dataclass

from connectors.errors import ConnectorError

# what data URIs of pictures begin with, whatever they claim to be
_DATA_URI = re.compile(r"data:image/[\w.+-]+(?:;[\w=.+-]+)*;base64,", re.IGNORECASE)
_GIF = (b"GIF87a", b"GIF89a")
# of a JPEG: frames that tell its size; markers that stand alone
_FRAMES = frozenset((*range(0xC0, 0xC4), *range(0xC5, 0xC8), *range(0xC9, 0xCC), 0xCD, 0xCE, 0xCF))
_ALONE = frozenset((0x01, *range(0xD0, 0xD9), 0xFF))


class PictureError(ConnectorError):
    """A picture that is gone, too large, or none; the text says which, and quotes nothing of it."""


@dataclass(frozen=True)
class PictureKind:
    """A kind of picture that browsers show and vision models read.

    Attributes:
        name: as people and providers call it.
        suffix: of its files.
    """

    name: str
    suffix: str

    @property
    def mime(self) -> str:
        """As in `image/png`."""
        return f"image/{self.name.lower()}"


PNG, JPEG = PictureKind("PNG", ".png"), PictureKind("JPEG", ".jpg")
GIF, WEBP = PictureKind("GIF", ".gif"), PictureKind("WebP", ".webp")
KINDS = (PNG, JPEG, GIF, WEBP)


def kind_of(content: bytes) -> PictureKind | None:
    """The kind of a picture, by its first 12 bytes, never by a name; None where it is none."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    if content.startswith(_GIF):
        return GIF
    return WEBP if content[:4] == b"RIFF" and content[8:12] == b"WEBP" else None


def pixels_of(content: bytes) -> tuple[int, int] | None:
    """Width and height as the header says; None where it says nothing or is cut off."""
    kind = kind_of(content)
    try:
        if kind is PNG:
            return _pair(struct.unpack(">II", content[16:24]))
        if kind is GIF:
            return _pair(struct.unpack("<HH", content[6:10]))
        if kind is WEBP:
            return _webp_pixels(content)
        return _jpeg_pixels(content) if kind is JPEG else None
    except (struct.error, IndexError):
        return None


def data_uri(content: bytes) -> str:
    """A picture as the address that holds all of it.

    Raises:
        PictureError: it is no picture.
    """
    kind = kind_of(content)
    if kind is None:
        raise PictureError(f"is no {_all_kinds()}, by its first bytes")
    return f"data:{kind.mime};base64,{base64.b64encode(content).decode('ascii')}"


def is_data_uri(address: str) -> bool:
    """Whether an address holds a picture itself."""
    return _DATA_URI.match(address) is not None


def held_in(address: str) -> bytes:
    """The bytes that a data URI of a picture holds.

    Raises:
        PictureError: it is none, or its base64 is broken.
    """
    found = _DATA_URI.match(address)
    if found is None:
        raise PictureError("is no data URI of a picture in base64")
    try:
        return base64.b64decode("".join(address[found.end() :].split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise PictureError("is a data URI whose base64 is broken") from error


def checked(content: bytes, largest_bytes: int, longest_side: int) -> PictureKind:
    """The kind of a picture that is neither too large nor something else.

    Args:
        longest_side: most pixels of width and of height.

    Raises:
        PictureError: it is; says what was expected and what came.
    """
    kind = kind_of(content)
    if kind is None:
        what = "an empty file" if not content else "something else, by its first bytes"
        raise PictureError(f"must be a picture ({_all_kinds()}), found {what}")
    if len(content) > largest_bytes:
        raise PictureError(too_large(len(content), largest_bytes))
    if _is_cut_short(kind, content):
        raise PictureError(f"is a {kind.name} file that is cut short; fetch or write it again")
    pixels = pixels_of(content)
    if pixels is not None and max(pixels) > longest_side:
        width, height = pixels
        raise PictureError(
            f"has {width} x {height} pixels, and at most {longest_side} a side are taken"
        )
    return kind


def too_large(found_bytes: int, largest_bytes: int) -> str:
    """What is said of a picture of too many bytes."""
    return f"has {_mb(found_bytes)} MB, and at most {_mb(largest_bytes)} are taken"


def _is_cut_short(kind: PictureKind, content: bytes) -> bool:
    """Whether the end of a file is missing, as after a download that broke off.

    Browsers show half of such a picture, and what trainers open pictures with stops at it.
    """
    if kind is PNG:
        return b"IEND" not in content
    if kind is WEBP:
        return len(content) < 8 + int.from_bytes(content[4:8], "little")
    # where the picture itself begins: a small one may stand before it, with an end of its own
    begun = content.rfind(b"\xff\xda")
    return kind is JPEG and (begun < 0 or content.find(b"\xff\xd9", begun) < 0)


def _mb(count: int) -> str:
    return f"{count / 1_000_000:.3g}"


def _all_kinds() -> str:
    *most, last = (kind.name for kind in KINDS)
    return f"{', '.join(most)} or {last}"


def _pair(sides: tuple[int, ...]) -> tuple[int, int]:
    width, height = sides
    return width, height


def _webp_pixels(content: bytes) -> tuple[int, int] | None:
    form = content[12:16]
    if form == b"VP8X":
        sides = (int.from_bytes(content[at : at + 3], "little") + 1 for at in (24, 27))
        return _pair(tuple(sides)) if len(content) >= 30 else None
    if form == b"VP8L":
        (bits,) = struct.unpack("<I", content[21:25])
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if form == b"VP8 ":
        width, height = struct.unpack("<HH", content[26:30])
        return width & 0x3FFF, height & 0x3FFF
    return None


def _jpeg_pixels(content: bytes) -> tuple[int, int] | None:
    at = 2
    while content[at] == 0xFF:
        marker = content[at + 1]
        if marker in _FRAMES:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += (1 if marker == 0xFF else 2) if marker in _ALONE else 2 + _length(content, at + 2)
    return None


def _length(content: bytes, at: int) -> int:
    (length,) = struct.unpack(">H", content[at : at + 2])
    return int(length)
