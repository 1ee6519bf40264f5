"""`[sources]`: what it takes and what it refuses, before any file is opened."""

from pathlib import Path

import pytest

from sync import settings as configuration
from sync.common.errors import ConfigError

FULL = """
[sources]
other_fields = "drop"
last_assistant = "reference"
unshowable = "skip"
split = "train"
delimiter = ";"
encoding = "cp1252"
date_format = "%d.%m.%Y"

[sources.columns]
prompt = "question"
"context.product" = "product_name"
"documents.Fee table" = "fees"

[split]
by = "time"
time_field = "asked"

[sources.documents]
level = 2
smallest = 100
largest = 2000
template = "Ask about {title} of {document}, in {{braces}}."
"""

REFUSED = {
    "[sources.columns]\npromt = 'a'": "sources.columns: nothing is called 'promt'; known are id,",
    "[sources.columns]\n'context.' = 'a'": "sources.columns: nothing is called 'context.'",
    "[sources.columns]\n'categories.' = 'a'": "sources.columns: nothing is called 'categories.'",
    "[sources.columns]\nid = 'a'\nprompt = 'a'": "sources.columns: column 'a' is used twice",
    "[sources.documents]\ntemplate = 'Ask {titel}'": (
        "sources.documents.template: the template may hold {title} and {document}"
    ),
    "[sources.documents]\ntemplate = 'Ask {'": "sources.documents.template: the template may hold",
    "[sources.documents]\ntemplate = '{title.x}'": "sources.documents.template: the template may",
    "[sources.documents]\ntemplate = ' '": "sources.documents.template: the template needs text",
    "[sources.documents]\nsmallest = 300\nlargest = 400": (
        "sources.documents: smallest (300) must be at most half of largest (400)"
    ),
    "[sources.documents]\nlevel = 7": "sources.documents.level: ",
    "[sources]\nlast_assistant = 'remove'": "sources.last_assistant: ",
    "[sources]\ndelimiter = ';;'": "sources.delimiter: ",
    "[sources]\nencoding = 'latin-99'": "sources.encoding: no encoding is called 'latin-99'",
    "[sources]\nencoding = 'base64'": "sources.encoding: no encoding is called 'base64'",
    "[sources]\ndate_format = '%H:%M'": "sources.date_format: a date needs year, month and day",
    "[sources]\ndate_format = '%d.%m.%Y'": "sources.date_format says how the field of split.time",
    "[sources]\nsplits = 'a'": "unknown key 'sources.splits'; did you mean 'split'?",
    "[sources.documents]\nlevels = 2": "unknown key 'sources.documents.levels'; did you mean",
}


def test_every_setting_is_taken(tmp_path: Path) -> None:
    file = tmp_path / "labeltune.toml"
    file.write_text(FULL)
    loaded = configuration.load(file).sources
    assert loaded.columns["documents.Fee table"] == "fees"
    assert loaded.documents.largest == 2000


@pytest.mark.parametrize(("text", "sentence"), REFUSED.items())
def test_what_is_refused(tmp_path: Path, text: str, sentence: str) -> None:
    file = tmp_path / "labeltune.toml"
    file.write_text(text)
    with pytest.raises(ConfigError) as caught:
        configuration.load(file)
    assert str(caught.value).removeprefix(f"{file}: ").startswith(sentence)
