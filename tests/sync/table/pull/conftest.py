"""A fake Label Studio beside the folder that it is pulled into."""

from pathlib import Path

import pytest

from tests.sync.builders import config_in
from tests.sync.desk import Desk
from tests.sync.fakes import FakeLabelStudio


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(FakeLabelStudio(), config_in(tmp_path))
