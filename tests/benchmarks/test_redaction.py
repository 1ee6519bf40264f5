"""The benchmark of redaction counts what it should, on texts of its own."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks.command import figures, run


def sample(*parts: str | tuple[str, str]) -> dict[str, Any]:
    """A text in pieces; a pair is a value and its kind."""
    text, spans = "", []
    for part in parts:
        piece = part if isinstance(part, str) else part[0]
        if not isinstance(part, str):
            ends = {"start_position": len(text), "end_position": len(text) + len(piece)}
            spans.append({"entity_type": part[1], **ends})
        text += piece
    return {"full_text": text, "spans": spans}


SAMPLES = [
    sample("I am ", ("Ada", "PERSON"), ", ", ("ada@example.com", "EMAIL_ADDRESS")),
    sample("on ", ("https://example.com/", "DOMAIN_NAME"), " or at 192.0.2.1"),
    sample("from ", ("192.0.2.2", "IP_ADDRESS"), " to ", ("192.0.2.x", "IP_ADDRESS")),
]


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    """Texts without gold."""
    path = tmp_path / "plain.csv"
    path.write_text("text,category\nwrite to joe@example.com,a\nhello,b\n")
    return path


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Texts with gold spans."""
    path = tmp_path / "data.json"
    path.write_text(json.dumps(SAMPLES))
    return path


def test_it_counts_what_is_found_and_what_is_not(data: Path, plain: Path) -> None:
    found = figures("redaction", "--data", str(data), "--plain", str(plain))
    whole = {"values": 1, "recall": 1.0, "covered": 1.0, "precision": 1.0}
    assert found["all"]["EMAIL_ADDRESS"] == whole
    assert found["all"]["URL"] == whole
    half = {"values": 2, "recall": 0.5, "covered": 0.5, "precision": 0.5}
    assert found["all"]["IP_ADDRESS"] == half
    nothing = {"values": 1, "recall": 0.0, "covered": 0.0, "precision": None}
    assert found["all"]["PERSON"] == nothing
    assert found["least_pattern_recall"] == 0.5
    assert found["plain"] == {"plain.csv": {"texts": 6, "found": {"EMAIL_ADDRESS": 1}}}
    counts = [sum(k["values"] for k in h.values()) for h in found["halves"].values()]
    assert sum(counts) == 5
    assert min(found["texts_per_s"].values()) > 0


def test_it_says_where_to_get_the_data(tmp_path: Path) -> None:
    done = run("redaction", "--data", str(tmp_path / "none.json"))
    assert done.returncode == 2
    assert "presidio-research" in done.stderr


@pytest.mark.thorough
def test_it_measures_in_many_scripts_without_data() -> None:
    found = figures("redaction", "--scripts", "--quick")
    assert found["languages"] >= 10
    assert found["swallowed"] == 0
    assert found["scripts"]["Thai"]["EMAIL_ADDRESS"]["precision"] == 1.0


@pytest.mark.thorough
def test_presidio_s_own_are_measured_in_many_scripts_too() -> None:
    found = figures("redaction", "--scripts", "--stock", "--quick")
    assert found["scripts"]["all"]["URL"]["recall"] < 0.9
    assert found["scripts"]["all"]["MAC_ADDRESS"]["recall"] > 0.9
