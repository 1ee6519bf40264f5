"""Real PDF files with text, bookmarks and passwords."""

from collections.abc import Sequence
from pathlib import Path

from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject


def write_pdf(
    path: Path,
    pages: Sequence[Sequence[str]],
    bookmarks: Sequence[tuple[int, str, int]] = (),
    password: str | None = None,
) -> Path:
    """A PDF of lines in Helvetica.

    Args:
        bookmarks: (level from 1, title, page from 0) in order.
        password: the user's; "" encrypts without asking anybody.
    """
    writer = PdfWriter()
    font = writer._add_object(
        DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Font"),
                NameObject("/Subtype"): NameObject("/Type1"),
                NameObject("/BaseFont"): NameObject("/Helvetica"),
                NameObject("/Encoding"): NameObject("/WinAnsiEncoding"),
            }
        )
    )
    for lines in pages:
        page = writer.add_blank_page(612, 792)
        fonts = DictionaryObject({NameObject("/F1"): font})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        content = DecodedStreamObject()
        shown = " ".join(f"({_escaped(line)}) Tj T*" for line in lines)
        content.set_data(f"BT /F1 12 Tf 14 TL 72 720 Td {shown} ET".encode("cp1252"))
        page[NameObject("/Contents")] = writer._add_object(content)
    above: dict[int, object] = {}
    for level, title, number in bookmarks:
        above[level] = writer.add_outline_item(
            title=title, page_number=number, parent=above.get(level - 1)
        )  # type: ignore[arg-type]
    if password is not None:
        writer.encrypt(password, "owner", algorithm="AES-256")
    path.parent.mkdir(parents=True, exist_ok=True)
    writer.write(path)
    return path


def _escaped(line: str) -> str:
    return line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
