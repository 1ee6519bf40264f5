"""A picture as every API writes it, as one part with an address; other media by their names."""

import re
from collections.abc import Mapping
from typing import Any

from label_configs.content import IMAGE
from sync.intake.sources.row import Unshowable

# kinds of parts that no page can show -> what to call one
_OWN_STEPS = (
    *("server_tool_use", "web_search_tool_result", "code_execution_tool_result"),
    *("mcp_tool_use", "mcp_tool_result", "executableCode", "codeExecutionResult"),
)
WHAT_IT_IS = {
    **dict.fromkeys(("input_audio", "audio", "audio_url"), "a sound"),
    **dict.fromkeys(("video", "video_url", "input_video"), "a video"),
    **dict.fromkeys(("file", "input_file", "file_url", "document"), "a file"),
    **dict.fromkeys(_OWN_STEPS, "a step of the provider's own tools"),
}
_SORTS = {"audio": "a sound", "video": "a video"}  # by the first half of a media type
# how the base64 of a picture begins, as tables and Ollama hold it without a type before it
_BEGINNINGS = {"iVBORw0KGgo": "png", "/9j/": "jpeg", "R0lGOD": "gif", "UklGR": "webp"}
_BASE64 = re.compile(rf"({'|'.join(_BEGINNINGS)})[A-Za-z0-9+/\s]{{40,}}={{0,2}}\s*\Z")
_FOREIGN = {"gs": "Google's storage", "s3": "Amazon's storage"}
_REMEDY = "say in words what is in it, or remove the conversation"


def picture(part: Mapping[str, Any], at: str) -> dict[str, Any]:
    """A part of OpenAI's, Anthropic's, Bedrock's or Hugging Face's that is a picture.

    Returns:
        The part in OpenAI's form; its address is "" where the part only marks the place of one
        that the row holds elsewhere.

    Raises:
        Unshowable: the picture lies where no page could load it from.
    """
    given = next((part[name] for name in ("image_url", "image", "source") if name in part), part)
    detail = given.get("detail") if isinstance(given, Mapping) else None
    detail = part.get("detail", detail)
    if isinstance(given, Mapping) and isinstance(given.get("source"), Mapping):
        given = {**given, **given["source"]}  # Bedrock's
    address = _address(given, at) if isinstance(given, Mapping) else given
    if not isinstance(address, str):
        raise Unshowable(f"{at} holds a picture without an address that is text; {_REMEDY}")
    shown = {"url": checked(address, at), **({"detail": detail} if detail else {})}
    return {"type": IMAGE, IMAGE: shown}


def picture_of_media(part: Mapping[str, Any], at: str) -> dict[str, Any]:
    """A part of Gemini's with media in it, or at an address.

    Raises:
        Unshowable: it is no picture, or lies where no page could load it from.
    """
    given = next(value for name, value in part.items() if name in _MEDIA)
    given = given if isinstance(given, Mapping) else {}
    sort = str(given.get("mimeType") or given.get("mime_type") or "")
    data, uri = given.get("data"), given.get("fileUri") or given.get("file_uri")
    if not sort.startswith("image/") and (sort or not isinstance(uri, str)):
        what = _SORTS.get(sort.partition("/")[0], "a file")
        raise Unshowable(
            f"{at} holds {what} ({sort or 'of no media type'!r}), which no page can show: {_REMEDY}"
        )
    address = f"data:{sort};base64,{data}" if isinstance(data, str) else uri
    if not isinstance(address, str):
        raise Unshowable(f"{at} holds a picture without data and address; {_REMEDY}")
    return {"type": IMAGE, IMAGE: {"url": checked(address, at)}}


_MEDIA = ("inlineData", "inline_data", "fileData", "file_data")


def checked(address: str, at: str) -> str:
    """An address, if a page could load a picture from there; of bare base64 its data URI.

    Raises:
        Unshowable: it could not.
    """
    if bare := _BASE64.match(address):
        return f"data:image/{_BEGINNINGS[bare[1]]};base64,{address}"
    scheme = address.partition(":")[0].lower() if ":" in address[:12] else ""
    if place := _FOREIGN.get(scheme):
        raise Unshowable(
            f"{at} holds a picture in {place} ({scheme}://…), from where no page can load it: "
            "fetch it, and name the file or an address of the web"
        )
    if scheme == "data" and not address[5:11].lower().startswith("image/"):
        sort = address[5:40].partition(";")[0].partition(",")[0]
        what = _SORTS.get(sort.partition("/")[0], "a file")
        raise Unshowable(f"{at} holds {what} ({sort!r}), which no page can show: {_REMEDY}")
    return address


def _address(given: Mapping[str, Any], at: str) -> Any:
    """The address in an object of a picture's."""
    if "file_id" in given:
        raise Unshowable(
            f"{at} holds a picture by the number of an upload ('file_id'), which only its provider "
            "can load: name the file, or an address of the web"
        )
    data = next((given[n] for n in ("data", "bytes") if isinstance(given.get(n), str)), None)
    if data is not None:
        if data.startswith("data:"):
            return data
        sort = given.get("media_type") or f"image/{given.get('format') or 'png'}"
        return f"data:{sort};base64,{data}"
    place = given.get("s3Location")
    if isinstance(place, Mapping):
        return place.get("uri")
    is_bare = not set(given) - {"type", "detail", "cache_control"}
    found = next((given[n] for n in ("url", "path", "value", "uri") if n in given), None)
    return "" if found is None and is_bare else found
