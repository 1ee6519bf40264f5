"""A package that is not installed is named by its extra; one that is there and broken never is."""

import pickle
import sys
from pathlib import Path

import pytest

from connectors.extras import MODULES, MissingExtraError, require, told


@pytest.fixture
def without_cleanlab(monkeypatch: pytest.MonkeyPatch) -> None:
    """As an import sees it that was refused before."""
    monkeypatch.setitem(sys.modules, "cleanlab", None)


def test_what_is_there_is_not_imported() -> None:
    before = set(sys.modules)
    for extra in MODULES.keys() - {"multilingual"}:
        require(extra, "labeltune check")
    assert set(sys.modules) == before


@pytest.mark.usefixtures("without_cleanlab")
def test_one_missing_package_is_enough() -> None:
    sentence = "labeltune check needs the extra 'quality': pip install \"labeltune[quality]\""
    with pytest.raises(MissingExtraError) as missing:
        require("quality", "labeltune check")
    assert str(missing.value) == sentence
    # it comes back whole from a worker elsewhere
    assert str(pickle.loads(pickle.dumps(missing.value))) == sentence
    with (
        pytest.raises(MissingExtraError, match=r"^labeltune needs the extra 'quality'"),
        told("labeltune"),
    ):
        import cleanlab  # noqa: F401
    require("embedding", "labeltune split")


def test_what_is_broken_stays_what_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "cleanlab.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "cleanlab", raising=False)
    for wrong in ("import cleanlab.no_such_part", "import no_such_package", "1 / 0"):
        (tmp_path / "cleanlab.py").write_text(wrong)
        require("quality", "labeltune check")
        with pytest.raises((ImportError, ZeroDivisionError), match=r"no_such|zero"), told("it"):
            import cleanlab  # noqa: F401
