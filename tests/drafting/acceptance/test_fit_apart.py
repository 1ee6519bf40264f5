"""Learning in a process of its own."""

import sys
from pathlib import Path

import pytest

from drafting.acceptance.fit import fit_acceptance
from drafting.acceptance.fit_apart import FitError, fit_apart
from tests.drafting.acceptance.projects import project


def test_it_learns_the_same_in_a_process_of_its_own() -> None:
    drafts = project(30)
    assert fit_apart(drafts) == fit_acceptance(drafts)


def test_a_process_that_fails_says_how_and_quotes_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    failing = tmp_path / "failing"
    failing.write_text("#!/bin/sh\necho 'ValueError: a secret of a task' >&2; exit 3\n")
    failing.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(failing))
    with pytest.raises(FitError) as raised:
        fit_apart([])
    assert str(raised.value) == "learning from drafts failed: exit status 3, ValueError"


def test_one_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    endless = tmp_path / "endless"
    endless.write_text("#!/bin/sh\nexec sleep 600\n")
    endless.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(endless))
    with pytest.raises(FitError, match="given up after 0 s"):
        fit_apart([], timeout_s=0.2)
