"""Pictures that a row holds beside its conversation, put to their places in it.

LLaMA-Factory marks the places by `<image>` in the text, Hugging Face by parts of type `image`
without an address. Pictures without any mark belong to the user's first words, as TRL has it.
Sounds and videos have no place on a page, so a row with some is refused by their names.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from label_configs.content import IMAGE, TEXT, image_urls
from sync.common.errors import SourceError
from sync.common.wording import counted
from sync.intake.sources.row import Unshowable
from sync.intake.sources.shapes.pictures import checked, picture
from sync.intake.sources.shapes.shape import SourceMessage

_IMAGES = ("images", "image")
# columns -> the mark in the text, and what is there
_OTHERS = {
    "audios": ("<audio>", "a sound"),
    "audio": ("<audio>", "a sound"),
    "videos": ("<video>", "a video"),
    "video": ("<video>", "a video"),
}
MEDIA = (*_IMAGES, *_OTHERS)
_MARK = "<image>"


def with_pictures(
    messages: list[SourceMessage], fields: dict[str, Any], folder: Path, where: str
) -> list[SourceMessage]:
    """A conversation with the row's pictures in their places; their column is taken out of the row.

    Args:
        folder: of the source file, where its pictures lie.

    Raises:
        SourceError: there are more pictures than places, or fewer.
        Unshowable: the row holds sounds or videos, or a picture where no page could load it from.
    """
    has_parts = [m for m in messages if type(m.get("content")) is not str]
    if not has_parts and fields.keys().isdisjoint(MEDIA):
        return messages
    _refuse_others(messages, fields, where)
    name = next((name for name in _IMAGES if fields.get(name) is not None), None)
    marks = sum(_places(message) for message in messages) if name or has_parts else 0
    if name is not None and (marks or _is_meant(name, fields[name])):
        held = fields.pop(name)
        given = held if isinstance(held, list) else [held]
        if not marks:
            messages, marks = _marked(messages, len(given), where), len(given)
        asked = [m for m in messages if m.get("role") != "assistant"]
        # an answer may speak of pictures by the same word
        of_all = marks == len(given)
        if not of_all and sum(map(_places, asked)) != len(given):
            raise SourceError(
                f"{where}: the conversation has {counted(marks, 'place')} for a picture "
                f"({_MARK}), and {name!r} holds {counted(len(given), 'picture')}; make them equal"
            )
        at = f"{where}: {name!r}"
        urls = iter([_url(each, at) for each in given])
        messages = [
            _filled(m, urls) if of_all or m.get("role") != "assistant" else m for m in messages
        ]
    elif any("" in image_urls(message.get("content")) for message in messages):
        raise Unshowable(
            f"{where}: the conversation has a place for a picture that the row does not hold; add "
            "its address, or the column 'images'"
        )
    return [_resolved(message, folder) for message in messages]


def _is_meant(name: str, held: Any) -> bool:
    """Whether a column is of pictures that belong to a conversation without marks for them."""
    if name == "images":
        return bool(held) and isinstance(held, list)
    return isinstance(held, Mapping) or str(held).startswith("data:image/")


def _refuse_others(
    messages: Sequence[SourceMessage], fields: Mapping[str, Any], where: str
) -> None:
    """Refuse a row with sounds or videos: a column of several, or one whose mark is in the text."""
    for name, (mark, what) in _OTHERS.items():
        if not fields.get(name):
            continue
        at = next((n for n, m in enumerate(messages, 1) if mark in _words(m)), None)
        if at is not None:
            raise Unshowable(
                f"{where}: message {at} holds {what} ({mark}, of the column {name!r}), which no "
                "page can show: say in words what is in it, or remove the conversation"
            )
        if name.endswith("s") and isinstance(fields[name], list):
            raise Unshowable(
                f"{where}: the column {name!r} holds {what}, which no page can show: say in words "
                "what is in it, or remove the conversation"
            )


def _words(message: SourceMessage) -> str:
    content = message.get("content")
    return content if isinstance(content, str) else "".join(_texts(content))


def _texts(content: Any) -> Iterator[str]:
    for part in content if isinstance(content, list) else ():
        if isinstance(part, Mapping) and isinstance(part.get(TEXT), str):
            yield part[TEXT]


def _places(message: SourceMessage) -> int:
    """How many marks of a picture a message has."""
    return _words(message).count(_MARK) + image_urls(message.get("content")).count("")


def _marked(messages: list[SourceMessage], pictures: int, where: str) -> list[SourceMessage]:
    """A conversation in which the pictures stand before what the user says first."""
    at = next((n for n, m in enumerate(messages) if m.get("role") == "user"), None)
    if at is None:
        raise SourceError(
            f"{where}: 'images' holds {counted(pictures, 'picture')}, and no turn is the user's; "
            f"mark their places with {_MARK}"
        )
    first = messages[at]
    said = first.get("content")
    if not isinstance(said, (str, list)):
        return messages  # which is refused for that
    parts = [{"type": TEXT, TEXT: said}] if isinstance(said, str) else said
    empty = {"type": IMAGE, IMAGE: {"url": ""}}
    told = {**first, "content": [*([empty] * pictures), *parts]}
    return [*messages[:at], told, *messages[at + 1 :]]


def _url(given: Any, at: str) -> str:
    """The address of a picture in a column: text, or what Hugging Face's tables hold of it."""
    if isinstance(given, Mapping):
        given = {name: value for name, value in given.items() if value is not None}
        url: str = picture({"type": "image", **given}, at)[IMAGE]["url"]
    else:
        url = checked(given, at) if isinstance(given, str) else ""
    if not url.strip():
        raise SourceError(
            f"{at}: a picture must be the name of a file, an address or a data URI, found "
            f"{type(given).__name__ if given else 'nothing'}"
        )
    return url


def _filled(message: SourceMessage, urls: Iterator[str]) -> SourceMessage:
    """A message whose marks are replaced by the next pictures."""
    if not _places(message):
        return message
    content = message["content"]
    parts: list[Any] = [{"type": TEXT, TEXT: content}] if isinstance(content, str) else content
    filled: list[dict[str, Any]] = []
    for part in parts:
        if part.get("type") == IMAGE and part[IMAGE]["url"] == "":
            filled.append({"type": IMAGE, IMAGE: {**part[IMAGE], "url": next(urls)}})
        elif part.get("type") == TEXT and _MARK in part[TEXT]:
            for piece in re.split(f"({_MARK})", part[TEXT]):
                if piece == _MARK:
                    filled.append({"type": IMAGE, IMAGE: {"url": next(urls)}})
                elif piece.strip():
                    filled.append({"type": TEXT, TEXT: piece.strip("\n")})
        else:
            filled.append(part)
    return {**message, "content": filled}


def _resolved(message: SourceMessage, folder: Path) -> SourceMessage:
    """A message whose pictures beside the source are addresses of files."""
    content = message.get("content")
    if not isinstance(content, list) or not image_urls(content):
        return message
    parts = [
        {**part, IMAGE: {**part[IMAGE], "url": address_of(part[IMAGE]["url"], folder)}}
        if isinstance(part, Mapping) and part.get("type") == IMAGE
        else part
        for part in content
    ]
    return {**message, "content": parts}


def address_of(url: str, folder: Path) -> str:
    """An address as it is, one of Label Studio's own too; the name of a file as a `file:` URL.

    Args:
        folder: what the name is relative to. A name that begins with the folder's own, as in
            files that are named from the folder above, is taken from there.
    """
    if _ADDRESS.match(bare := url.strip()):
        return bare
    path = Path(url)
    try:
        if not path.is_absolute():
            beside = folder / path
            if _SCHEME.match(bare) and not beside.exists():
                return bare  # which is told as that
            above = path.parts[:1] == (folder.resolve().name,) and not beside.exists()
            path = folder.resolve().parent / path if above else beside
        return path.resolve().as_uri()
    except (OSError, RuntimeError, ValueError):  # links in a circle, a name of no file system
        return (path if path.is_absolute() else folder.resolve() / path).as_uri()


_ADDRESS = re.compile(r"(?:https?|data|file):|//|/data/(?:upload|local-files)/", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]+:", re.IGNORECASE)
