"""HTML: what a reader of the page reads, and nothing else of it."""

from pathlib import Path

from tests.sync.intake.sources.builders import read, reader, refused, write

PAGE = """<?xml version="1.0"?><!-- before --><!doctype html>
<html><head><title>Site</title><style>p {color: red}</style><script>var x = "# no";</script></head>
<body>
<nav><ul><li><a href="/">Home</a></li></ul></nav>
<div role="banner">Banner</div>
<!-- a comment -->
<div><section>
<h1>Fees &amp; <em>charges</em></h1>
<p># of cards: <a href="/cards">see cards</a> or
<a href="https://example.com/x">the list</a>.<br>-----<br>Ask snake_case and 2 * 3 * 4.</p>
<div><h2>Cards</h2><img src="data:image/png;base64,AAAA" alt="A card">
<p hidden>Hidden.</p><p aria-hidden="true">Hidden too.</p>
<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>
<pre><code># not a heading
x = 1</code></pre>
<form><input value="Search"><button>Go</button></form></div>
</section></div>
<footer>Imprint</footer>
</body></html><!-- after -->
"""


def test_a_page(tmp_path: Path) -> None:
    path = write(tmp_path, "page.html", PAGE)
    fees, cards = read(path, documents={"smallest": 0})
    assert fees.where == f"{path}, heading 1"
    assert fees.data["documents"] == [
        {
            "title": "Fees & charges",
            "text": "\\# of cards: see cards or\n[the list](https://example.com/x).  \n"
            "\\-----  \nAsk snake_case and 2 * 3 * 4.",
        }
    ]
    assert cards.id == "page.html#Fees & charges > Cards"
    assert cards.data["documents"][0]["text"] == (
        "A card\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n\n```\n# not a heading\nx = 1\n```"
    )


def test_only_the_main_part_of_a_page_that_marks_one(tmp_path: Path) -> None:
    page = "<body><h1>Shop</h1><p>Buy!</p><main><h1>Fees</h1><p>Five.</p></main>After</body>"
    (task,) = read(write(tmp_path, "a.htm", page))
    assert task.data["documents"] == [{"title": "Fees", "text": "Five."}]


def test_the_page_s_own_encoding(tmp_path: Path) -> None:
    declared = '<meta charset="iso-8859-1"><h1>Gebühren</h1><p>Fünf.</p>'
    for name, page in (("a.html", declared.encode("latin-1")), ("b.html", declared.encode())):
        (task,) = read(write(tmp_path, name, page))
        assert task.data["documents"] == [{"title": "Gebühren", "text": "Fünf."}]


def test_a_page_without_anything(tmp_path: Path) -> None:
    assert refused(write(tmp_path, "a.html", "")) == "holds no HTML; remove it"
    assert read(write(tmp_path, "b.html", "<body><nav>Home</nav></body>")) == []


def test_a_page_that_is_nested_too_deeply_is_said(tmp_path: Path) -> None:
    path = write(tmp_path, "a.html", "<h1>Fees</h1>\n<p>Five.</p>\n" + "<div>" * 5_000 + "Deep.")
    opened = reader(path)
    assert [task.data["documents"][0]["text"] for task in opened] == ["Five."]
    assert opened.notes == [
        f"{path}: read only to line 3, where it is nested too deeply or too long"
    ]
