"""Task data as HTML: everything is shown, nothing that a user wrote is obeyed."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from label_configs.rendering import context_html, conversation_html, markdown_html

TAGS = {"div", "details", "summary", "table", "tbody", "tr", "th", "td", "h5"}


class Read(HTMLParser):
    """The text and the tags of some HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text = ""
        self.tags: set[str] = set()
        self.feed(html)
        self.close()

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        assert {name for name, _ in attrs} <= {"class", *(["open"] if tag == "details" else [])}


# what HTML's own rules replace: NUL and line ends
texts = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=60)


@given(role=st.sampled_from(["user", "tool", "system"]), content=texts)
def test_a_users_text_is_shown_as_it_is(role: str, content: str) -> None:
    read = Read(conversation_html([{"role": role, "content": content}]))
    assert read.text == role + content
    assert read.tags <= TAGS


@given(name=texts, fact=texts)
def test_facts_are_shown_as_they_are(name: str, fact: str) -> None:
    read = Read(context_html({name: fact}))
    assert read.text == "Context" + name.replace("_", " ") + fact
    assert read.tags <= TAGS


def test_turns_in_order_and_system_folded() -> None:
    html = conversation_html(
        [
            {"role": "system", "content": "Be kind."},
            {"role": "user", "content": "a\nb"},
            {"role": "assistant", "content": "**c**"},
        ]
    )
    assert html == (
        '<details class="lt-turn lt-system"><summary class="lt-role">system</summary>'
        '<div class="lt-verbatim">Be kind.</div></details>'
        '<div class="lt-turn lt-user"><div class="lt-role">user</div>'
        '<div class="lt-verbatim">a\nb</div></div>'
        '<div class="lt-turn lt-assistant"><div class="lt-role">assistant</div>'
        '<div class="lt-markdown"><p><strong>c</strong></p>\n</div></div>'
    )


def test_documents_stand_under_their_titles() -> None:
    html = context_html({}, [{"title": "Fees <2026>", "text": "- one\n- two"}])
    assert "<summary>Fees &lt;2026&gt;</summary>" in html
    assert "<li>one</li>" in html
    assert Read(html).tags <= {"h5", "details", "summary", "div", "ul", "li"}


def documents(*texts: str) -> list[dict[str, str]]:
    return [{"title": f"Document {number}", "text": text} for number, text in enumerate(texts)]


WIDE = "\u8fd9" * 32  # 64 columns


@pytest.mark.parametrize(
    "texts",
    [
        ("Replacement card: GBP 5.00.",),
        ("One.", "Two."),
        ("",),
        ("x" * 65 * 10,),
        ("\n".join("line" for _ in range(10)),),
        ("\n".join(WIDE for _ in range(10)),),
        ("a\n\n\n\nb\n" * 5,),
    ],
)
def test_one_or_two_short_documents_are_open(texts: tuple[str, ...]) -> None:
    html = context_html({"tier": "Plus"}, documents(*texts))
    assert html.count('<details class="lt-document" open>') == html.count("<details") == len(texts)


@pytest.mark.parametrize(
    "texts",
    [
        ("One.", "Two.", "Three."),
        ("x" * (65 * 10 + 1),),
        ("\n".join("line" for _ in range(11)),),
        ("\n".join(WIDE * 2 for _ in range(6)),),
        ("x" * 65 * 5, "x" * 65 * 6),
    ],
)
def test_more_or_longer_ones_are_folded(texts: tuple[str, ...]) -> None:
    html = context_html({}, documents(*texts))
    assert html.count('<details class="lt-document">') == len(texts)


def test_no_context_leaves_no_heading() -> None:
    assert context_html({}) == ""
    assert context_html({"tier": None}) == ""
    assert "<h5>Context</h5>" in context_html({"tier": ""})


def test_structured_facts_are_json() -> None:
    assert "[1, &quot;ü&quot;]" in context_html({"values": [1, "ü"]})


def test_markdown_with_tables_and_code() -> None:
    html = markdown_html("| a |\n|---|\n| `x<y` |\n\n```sql\nselect 1\n```")
    assert "<td><code>x&lt;y</code></td>" in html
    assert '<pre><code class="language-sql">select 1\n</code></pre>' in html


def test_markdown_obeys_no_html_and_fetches_nothing() -> None:
    hostile = "<img src=x onerror=alert(1)> ![p](http://x/y.png) [l](javascript:alert(1))"
    html = markdown_html(hostile)
    assert "&lt;img src=x onerror=alert(1)&gt;" in html
    assert "<img" not in html
    assert 'href="javascript' not in html


def test_markdown_links_keep_their_address() -> None:
    assert '<a href="https://example.org">l</a>' in markdown_html("[l](https://example.org)")
