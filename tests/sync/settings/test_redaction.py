"""`[cleaning.redaction]`: what can't be used is refused with its key and what to do."""

import logging
import pickle
import subprocess
import sys
from pathlib import Path

import pytest
import spacy

from sync.common.errors import ConfigError
from sync.intake.cleaning.arrow_form import over_arrow
from sync.intake.cleaning.steps.redaction import Redaction
from sync.intake.redaction.spans import analysis
from sync.settings import load
from sync.settings.redaction import PATTERN_ENTITIES, RedactionSection

REFUSED = {
    "entities = ['PERSON']": "PERSON is found by a spaCy model only: set spacy_model",
    "least_score = 1.5": "cleaning.redaction.least_score: ",
    "patterns = [{name = 'order', regex = 'a'}]": "cleaning.redaction.patterns.0.name: ",
    "patterns = [{name = 'A', regex = '('}]": "not a regular expression: ",
    "patterns = [{name = 'A', regex = 'a*'}]": "matches the empty text",
    "entity = []": "did you mean 'entities'?",
}


@pytest.mark.parametrize(("text", "said"), REFUSED.items(), ids=REFUSED)
def test_refused(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "labeltune.toml"
    file.write_text(f"[cleaning.redaction]\n{text}\n")
    with pytest.raises(ConfigError, match=r"labeltune\.toml: ") as caught:
        load(file)
    assert said in str(caught.value)


def test_an_unknown_entity_names_the_nearest() -> None:
    with pytest.raises(ConfigError, match="no 'EMAIL_ADRESS'; did you mean 'EMAIL_ADDRESS'"):
        analysis(RedactionSection(entities=("EMAIL_ADRESS",)))


def test_a_missing_model_says_how_to_install_it() -> None:
    with pytest.raises(ConfigError, match="`python -m spacy download en_core_none`"):
        analysis(RedactionSection(spacy_model="en_core_none"))


def test_a_model_finds_people_and_places(tmp_path: Path) -> None:
    """A pipeline that a user trained or installed; this one goes by a list of names."""
    pipeline = spacy.blank("en")
    ruler = pipeline.add_pipe("entity_ruler")
    ruler.add_patterns(  # type: ignore[attr-defined]
        [{"label": "PERSON", "pattern": "Ada Byron"}, {"label": "GPE", "pattern": "Turin"}]
    )
    pipeline.to_disk(tmp_path / "names")
    found = analysis(RedactionSection(spacy_model=str(tmp_path / "names")))
    text = "Ada Byron of Turin, ada@example.com"
    kinds = [(text[s.start : s.end], s.entity) for s in found.spans(text)]
    assert kinds == [
        ("Ada Byron", "PERSON"),
        ("Turin", "LOCATION"),
        ("ada@example.com", "EMAIL_ADDRESS"),
    ]


def test_presidio_s_other_recognisers_can_be_asked_for() -> None:
    found = analysis(RedactionSection(entities=("UK_NINO",)))
    (span,) = found.spans("my national insurance number is AB123456C")
    assert span.entity == "UK_NINO"
    assert found.spans("my mail is joe@example.com") == []


def test_nothing_it_reads_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    found = analysis(RedactionSection(entities=(*PATTERN_ENTITIES, "UK_NINO"), least_score=0.0))
    with caplog.at_level(logging.DEBUG):
        assert found.spans("joe@example.com, GB82 WEST 1234 5698 7654 32, AB123456C")
    assert "joe" not in caplog.text
    assert "WEST" not in caplog.text


def test_the_step_can_be_sent_to_another_process() -> None:
    """Unpickled before anything else of ours is imported, as a Ray worker does."""
    step = over_arrow(Redaction(RedactionSection(on=True), b"secret"))
    code = (
        "import pickle, sys; from socket import socket\n"
        "socket.connect = None  # a network would fail\n"
        "step = pickle.loads(bytes.fromhex(sys.argv[1]))\n"
        "import pyarrow as pa\n"
        "row = {'id': ['1'], 'data': ['{\"a\": \"joe@example.com\"}'], 'where': ['']}\n"
        "row['dropped'] = pa.array([None], pa.string())\n"
        "print(step(pa.table(row))['data'][0])"
    )
    arguments = [sys.executable, "-c", code, pickle.dumps(step).hex()]
    done = subprocess.run(arguments, capture_output=True, text=True, check=True)
    assert done.stdout == '{"a":"<EMAIL_1>"}\n'


def test_the_secret_is_not_shown() -> None:
    assert "secret" not in repr(Redaction(RedactionSection(), b"secret"))
