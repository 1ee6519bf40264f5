"""Charts as SVG, for a page of ours or a file of its own, and templates of such pages.

A chart is said in Vega-Lite (https://vega.github.io/vega-lite/) and drawn by vl-convert, which
needs no browser and no network: the extra `report`. Colours are names of CSS variables, so that one
picture serves light and dark.
"""

import functools
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from connectors.extras import told

if TYPE_CHECKING:
    from jinja2 import Template

Spec = Mapping[str, Any]

# by what they stand for: what we have or do, what it is held against, what hangs in between
OURS, OTHER, BETWEEN = "var(--ours)", "var(--other)", "var(--between)"
# what is as it should be, and what is not
GOOD, BAD = "var(--good)", "var(--bad)"
TEXT, QUIET, LINE = "var(--text)", "var(--quiet)", "var(--line)"
# of the page around a chart, too
COLOURS = """\
  color-scheme: light dark;
  --page: light-dark(#ffffff, #16181d);
  --text: light-dark(#1b1f27, #eceef2);
  --quiet: light-dark(#525b6b, #a8b0bf);
  --line: light-dark(#d9dde5, #363c48);
  --ours: light-dark(#1a5fb4, #78aeed);
  --other: light-dark(#6b7280, #9aa3b2);
  --between: light-dark(#b3541e, #f0a060);
  --good: light-dark(#1f6f43, #7fc99a);
  --bad: light-dark(#b3261e, #f2938c);
"""
_FONT = "system-ui, sans-serif"
_CONFIG: Spec = {
    "background": "transparent",
    "font": _FONT,
    "view": {"stroke": None},
    "axis": {
        "labelColor": QUIET,
        "titleColor": TEXT,
        "gridColor": LINE,
        "domainColor": LINE,
        "tickColor": LINE,
        "labelFontSize": 12,
        "titleFontSize": 13,
        "titleFontWeight": "normal",
        "titlePadding": 8,
        "labelFlush": False,
    },
    "legend": {
        "labelColor": TEXT,
        "labelFontSize": 13,
        "symbolSize": 300,
        "title": None,
        # wide enough where the font of whoever looks is wider than the one it is drawn with
        "columnPadding": 32,
    },
}


def draw(spec: Spec) -> str:
    """A chart as an SVG element, to be put into a page that has the `COLOURS`.

    Args:
        spec: of Vega-Lite, without `$schema` and `config`.

    Raises:
        MissingExtraError: the extra `report` is not installed.
    """
    with told("drawing a chart"):
        import vl_convert
    drawn = vl_convert.vegalite_to_svg({**spec, "config": _CONFIG}, show_warnings=False)
    return str(drawn)


def standalone(svg: str) -> str:
    """A drawn chart as a file of its own, in both themes.

    It says its colours in media queries, which a picture in a page of others follows, too.
    """
    rules = []
    for place, query in enumerate(("", "@media (prefers-color-scheme: dark) ")):
        pairs = (line.strip().partition(": ") for line in COLOURS.splitlines())
        named = [
            f"{name}: {value.removeprefix('light-dark(').removesuffix(');').split(', ')[place]};"
            for name, _, value in pairs
            if name.startswith("--")
        ]
        rules.append(f"{query and query + '{ '}:root {{ {' '.join(named)} }}{query and ' }'}")
    style = f"<style>{' '.join(rules)} svg {{ background: var(--page); }}</style>"
    start, mark, rest = svg.partition(">")
    return f"{start}{mark}{style}{rest}"


def layered(layers: Sequence[Spec], *, width: int, height: int, description: str) -> Spec:
    """Several marks in one frame.

    Args:
        description: for who can't see it.
    """
    return {
        "width": width,
        "height": height,
        "description": description,
        "layer": [dict(layer) for layer in layers],
        # labels reach further where the font of who looks is wider than that it is drawn with
        "padding": {"left": 40, "top": 8, "right": 40, "bottom": 8},
    }


@functools.cache
def page_template(name: str) -> "Template":
    """A page's template; what it is given is escaped, and a name that it is not given is an error.

    Args:
        name: of the file, such as "gaps.html".
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

    environment = Environment(
        loader=PackageLoader("sync"),
        autoescape=select_autoescape(),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(name)
