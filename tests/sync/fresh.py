"""A verb whose options are made anew, of what the registries hold now."""

import importlib
import sys

import pytest


def fresh_verbs(monkeypatch: pytest.MonkeyPatch, *verbs: str) -> None:
    """Have verbs imported again when they are next called, as a new process would."""
    for verb in verbs:
        name = f"sync.commands.{verb}"
        importlib.import_module(name)
        monkeypatch.delattr(name)
        monkeypatch.delitem(sys.modules, name)
