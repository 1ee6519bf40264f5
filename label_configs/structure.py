"""Which tags Label Studio's page knows, and which it lets stand inside which.

The server stores any XML; the page then shows an error instead of the task. The lists are those
of the page itself (Label Studio 1.23.2, the tag registry and each container's child types).
"""

import difflib
from typing import Any

from label_configs.errors import LabelConfigError

# in Enterprise only
ENTERPRISE_TAGS = frozenset({"chat", "reactcode", "custominterface"})
# tags that the page refuses without a name
NAMED_TAGS = frozenset(
    {
        "audio",
        "choices",
        "datetime",
        "hypertext",
        "hypertextlabels",
        "image",
        "labels",
        "list",
        "number",
        "pairwise",
        "paragraphlabels",
        "paragraphs",
        "pdf",
        "ranker",
        "rating",
        "table",
        "taxonomy",
        "text",
        "textarea",
        "timeseries",
        "video",
    }
)
TAGS = [
    "Audio",
    "AudioPlus",
    "BitMask",
    "BitMaskLabels",
    "Brush",
    "BrushLabels",
    "Bucket",
    "Channel",
    "Choice",
    "Choices",
    "Collapse",
    "DateTime",
    "Dialog",
    "Ellipse",
    "EllipseLabels",
    "Filter",
    "Header",
    "HyperText",
    "HyperTextLabels",
    "Image",
    "KeyPoint",
    "KeyPointLabels",
    "Label",
    "Labels",
    "List",
    "MagicWand",
    "Markdown",
    "MultiChannel",
    "Number",
    "Pairwise",
    "Panel",
    "ParagraphLabels",
    "Paragraphs",
    "Pdf",
    "Polygon",
    "PolygonLabels",
    "Ranker",
    "Rating",
    "Rectangle",
    "RectangleLabels",
    "Relation",
    "Relations",
    "Repeater",
    "Shortcut",
    "Style",
    "Table",
    "Taxonomy",
    "Text",
    "TextArea",
    "TimelineLabels",
    "TimeSeries",
    "TimeSeriesLabels",
    "Vector",
    "VectorLabels",
    "Video",
    "VideoRectangle",
    "View",
]
_CANONICAL = {tag.lower(): tag for tag in TAGS}

_LABELS = frozenset({"label", "header", "view", "text", "hypertext"})
# what a Panel and a page of a Repeater take; neither takes Markdown
_BLOCKS = frozenset(
    tag.lower() for tag in TAGS if tag not in ("Bucket", "Channel", "Choice", "Markdown", "Panel")
) - {"relation", "shortcut", "multichannel"}
_CHILDREN: dict[str, frozenset[str]] = {
    "view": _BLOCKS | {"markdown", "choice"},
    "collapse": frozenset({"panel"}),
    "panel": _BLOCKS,
    "choices": frozenset({"choice", "view", "header", "hypertext"}),
    "labels": _LABELS,
    "paragraphlabels": _LABELS,
    "hypertextlabels": _LABELS,
    "textarea": frozenset({"shortcut"}),
    "relations": frozenset({"relation"}),
    "ranker": frozenset({"bucket"}),
}


def canonical(tag: str) -> str:
    """A tag as Label Studio's documentation spells it; the page ignores case."""
    return _CANONICAL.get(tag.lower(), tag)


def check_structure(root: Any, source: str) -> None:
    """Check that the page knows every tag and accepts where it stands.

    Args:
        root: an lxml element, the outermost View.

    Raises:
        LabelConfigError: the first fault, with its line and what to do.
    """
    if canonical(str(root.tag)) != "View":
        raise LabelConfigError(
            f"{source}, line {root.sourceline}: the outermost tag is <{root.tag}>, "
            "expected <View>; wrap everything in one"
        )
    for element in root.iter():
        where = f"{source}, line {element.sourceline}"
        tag = str(element.tag).lower()
        if tag in ENTERPRISE_TAGS:
            raise LabelConfigError(
                f"{where}: <{element.tag}> exists in Label Studio Enterprise only and would "
                "break the page; use Community tags"
            )
        if tag not in _CANONICAL:
            near = difflib.get_close_matches(tag, _CANONICAL, n=1)
            hint = f"did you mean <{_CANONICAL[near[0]]}>?" if near else "remove it"
            raise LabelConfigError(f"{where}: the page knows no tag <{element.tag}>; {hint}")
        if tag in NAMED_TAGS and not element.get("name"):
            raise LabelConfigError(
                f"{where}: <{element.tag}> needs a name, or the page shows an error instead of "
                "the task"
            )
        _check_place(element, tag, where)


def _check_place(element: Any, tag: str, where: str) -> None:
    parent = element.getparent()
    if parent is None:
        return
    around = str(parent.tag).lower()
    if around == "repeater":  # the page puts each of its rows into a View
        around = "view"
    allowed = _CHILDREN.get(around)
    if allowed is None or tag in allowed:
        return
    # a View may stand in most places and takes almost everything
    remedy = (
        "wrap it in <View>"
        if "view" in allowed and tag in _CHILDREN["view"]
        else "put only " + ", ".join(f"<{canonical(t)}>" for t in sorted(allowed)[:4]) + " there"
    )
    raise LabelConfigError(
        f"{where}: the page refuses <{element.tag}> directly inside <{parent.tag}>; {remedy}"
    )
