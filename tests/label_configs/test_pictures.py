"""Pictures in a page: what a browser is told to fetch, and what it is not."""

import pytest

from label_configs.pictures import picture_html
from label_configs.rendering import conversation_html


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/a.png?x=1&y=2",
        "http://example.org/a.png",
        "/data/upload/7/1a2b3c4d-cat.png",
        "/data/local-files/?d=photos%2Fcat.png",
        "/label-studio/data/upload/7/1a2b3c4d-cat.png",
    ],
)
def test_the_browser_fetches_what_lies_on_the_web_or_in_label_studio(address: str) -> None:
    assert f'<img class="lt-picture" src="{address.replace("&", "&amp;")}"' in picture_html(address)


def test_what_stands_in_the_address_is_shown_without_an_image() -> None:
    assert '<video class="lt-picture" poster="data:image/png;base64,AAAA"' in picture_html(
        "data:image/png;base64,AAAA"
    )


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "picture:0123.png",
        "//evil.example/data/upload/a.png",
        "/user/logout",
        "/data/upload/../../user/logout",
        "http://127.0.0.1:8080/user/logout/",
        "https://example.org/LOGOUT?next=/a.png",
        "https://example.org/user/log%6fut#a.png",
        "/data/upload/%2E%2e/.%2e/user/logout",
        "data:image/svg+xml,<svg onload='alert(1)'/>",
        "data:text/html;base64,AAAA",
        '"><script>alert(1)</script>',
    ],
)
def test_any_other_address_is_words(address: str) -> None:
    html = picture_html(address)
    assert html.startswith('<div class="lt-verbatim">[picture: ')
    assert "<script" not in html and "src=" not in html


def test_pictures_stand_where_they_were_sent() -> None:
    image = {"type": "image_url", "image_url": {"url": "/data/upload/1/a.png"}, "name": "x.png"}
    parts = [{"type": "text", "text": "Before"}, image, {"type": "text", "text": "after"}]
    html = conversation_html([{"role": "user", "content": parts}])
    assert html.index("Before") < html.index("/data/upload/1/a.png") < html.index("after")
