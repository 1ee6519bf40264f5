"""Real pictures of 40 x 30 pixels, as image programs write them."""

import base64
import struct
import zlib

JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1tdhbWG"
    "kJ6jq62rZ4C8ybqmx5moq6T/2wBDARweHigjKE4rK06kbl1upKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSk"
    "pKSkpKSkpKSkpKSkpKT/wAARCAAeACgDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAT/xAAUEAEAAAAAAAAAAAAA"
    "AAAAAAAA/8QAFgEBAQEAAAAAAAAAAAAAAAAAAAQF/8QAFBEBAAAAAAAAAAAAAAAAAAAAAP/aAAwDAQACEQMRAD8AhATtgAAA"
    "AAAAAAB//9k="
)
GIF = base64.b64decode(
    "R0lGODdhKAAeAIEAAMgeHgAAAAAAAAAAACwAAAAAKAAeAEAIOgABCBxIsKDBgwgTKlzIsKHDhxAjSpxIsaLFixgzatzIsaPH"
    "jyBDihxJsqTJkyhTqlzJsqXLlzAxBgQAOw=="
)
WEBP_LOSSY = base64.b64decode(
    "UklGRkIAAABXRUJQVlA4IDYAAAAwAwCdASooAB4AP3G202G0ryqmJWgCkC4JZwDRgA8KmggAAP7fgC5u9pr/bb34eavgLfk2"
    "0AA="
)
WEBP_LOSSLESS = base64.b64decode("UklGRh4AAABXRUJQVlA4TBEAAAAvJ0AHAAdQjyLXo/+BiOh/AAA=")
WEBP_WITH_ALPHA = base64.b64decode(
    "UklGRmYAAABXRUJQVlA4WAoAAAAQAAAAJwAAHQAAQUxQSAoAAAABB1CyiAhERP8DVlA4IDYAAAAwAwCdASooAB4AP3G202G0"
    "ryqmJWgCkC4JZwDRgA8KmggAAP7fgC5u9pr/bb34eavgLfk20AA="
)


def png(red: int = 200, width: int = 40, height: int = 30) -> bytes:
    """A PNG of one colour; other values of `red` make other bytes."""
    rows = (b"\x00" + bytes((red, 30, 30)) * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = (b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in parts)


def _chunk(kind: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)
