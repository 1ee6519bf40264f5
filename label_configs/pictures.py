"""Pictures of a conversation as the HTML that the page shows; no other address is ever asked."""

import re
from html import escape
from urllib.parse import unquote

# what the browser may fetch: the web; Label Studio's own uploads, under a sub-path of its own, too,
# and nothing to which an address climbs from there; and what stands in the address itself
_FETCHED = re.compile(r"https?://|(?:/[^/?#\\]+)*?/data/(?!.*(?:\.|%2e){2})", re.IGNORECASE)
# where a browser that asks is logged out, in its user's name and on whatever host
_LOGS_OUT = re.compile(r"/logout/?(?:[?#]|\Z)", re.IGNORECASE)
_INLINE = re.compile(r"data:image/[\w.+-]+;base64,", re.IGNORECASE)


def picture_html(address: str) -> str:
    """A picture where it was sent; of one that a browser can't show, its address as words.

    Label Studio takes `data:` out of the `src` of an image, but not out of a video's poster.
    """
    shown = escape(address)
    if _FETCHED.match(address) and not _LOGS_OUT.search(unquote(address)):
        image = f'<img class="lt-picture" src="{shown}" alt="picture" referrerpolicy="no-referrer">'
        return f'<a href="{shown}" target="_blank" rel="noopener noreferrer">{image}</a>'
    if _INLINE.match(address):
        return f'<video class="lt-picture" poster="{shown}" aria-label="picture"></video>'
    return f'<div class="lt-verbatim">[picture: {escape(address[:200])}]</div>'
