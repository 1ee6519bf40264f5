"""HTML: the words of a page without scripts, styles, menus and forms, read as Markdown."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from sync.common.errors import SourceError
from sync.intake.sources.documents import markdown
from sync.intake.sources.documents.sections import Part
from sync.intake.sources.text import read_text

_LEFT_OUT = frozenset(
    {
        *("script", "style", "noscript", "template", "nav", "footer", "svg", "canvas", "iframe"),
        *("object", "embed", "audio", "video", "button", "input", "select", "textarea"),
    }
)
_ROLES_LEFT_OUT = ("navigation", "banner", "contentinfo", "search")
# what Markdown would take for a heading, a rule or a code block where it begins a line
_MARKUP = re.compile(r"^(\s*)(#{1,6}(?=\s|$)|[-=]{2,}(?=\s*$)|```|~~~)", re.MULTILINE)


def parts(path: Path, notes: list[str], encoding: str | None = None) -> list[Part]:
    """A page's parts, of its main part where it marks one.

    Raises:
        SourceError: nothing in it can be read as HTML.
    """
    from lxml import etree

    root = _parse(path, notes, encoding)
    unseen = root.xpath("//comment() | //processing-instruction()")
    for element in [*unseen, *filter(_is_left_out, root.iter(etree.Element))]:
        if element.getparent() is not None:  # else it stands outside of the page
            element.drop_tree()
    for picture in list(root.iter("img")):
        picture.tail = (picture.get("alt") or "") + (picture.tail or "")
        picture.drop_tree()
    for link in list(root.iter("a")):
        # an address within the site says nothing outside of it
        if not link.get("href", "").startswith(("http://", "https://", "mailto:")):
            link.drop_tag()
    marked = root.xpath("//main | //*[@role='main']") or root.xpath("//body")
    main = marked[0] if marked else root
    page = etree.tostring(main, encoding="unicode", method="html", with_tail=False)
    read = markdown.parts_of(_markdown(page))
    # lines of the Markdown are not those of the file
    return [replace(part, place=f"heading {at}") for at, part in enumerate(read, start=1)]


def _parse(path: Path, notes: list[str], wanted: str | None) -> Any:
    from lxml import etree, html

    raw = path.read_bytes()
    encoding: str | None = "utf-8"
    try:
        raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        if wanted is None:
            encoding = None  # as the page says itself
        else:
            raw = read_text(path, wanted, notes).encode()
    try:
        parser = html.HTMLParser(encoding=encoding)
        root = html.document_fromstring(raw, parser=parser)
    except etree.ParserError as error:
        raise SourceError(f"{path}: holds no HTML; remove it") from error
    for entry in parser.error_log:
        if entry.type_name == "ERR_RESOURCE_LIMIT":
            notes.append(
                f"{path}: read only to line {entry.line}, where it is nested too deeply or too long"
            )
            break
    return root


def _is_left_out(element: Any) -> bool:
    return (
        element.tag in _LEFT_OUT
        or element.get("role") in _ROLES_LEFT_OUT
        or element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
    )


def _markdown(page: str) -> str:
    from markdownify import ATX, MarkdownConverter

    class Converter(MarkdownConverter):
        """Words as they are, save where Markdown would take them for structure."""

        def escape(self, text: str, parent_tags: Any) -> str:
            return _MARKUP.sub(r"\1\\\2", text or "")

    return str(Converter(heading_style=ATX, bullets="-").convert(page))
