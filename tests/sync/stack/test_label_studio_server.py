"""Label Studio's command is started such that its answers come at once."""

import json
import os
import subprocess
import sys
from pathlib import Path

from sync.stack import label_studio_server

# in place of Label Studio's: tells how it was called
SERVER = """
import json, socketserver, sys

def main():
    print(json.dumps([sys.argv[1:], socketserver.StreamRequestHandler.disable_nagle_algorithm]))
    import settings  # Label Studio's own, whatever ours are called
    return 7
"""


def test_its_command_runs_with_its_arguments_and_status(tmp_path: Path) -> None:
    package = tmp_path / "label_studio"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "server.py").write_text(SERVER)
    (tmp_path / "settings.py").touch()
    done = subprocess.run(
        [sys.executable, "-P", label_studio_server.__file__, "start", "--port", "1"],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (7, "")
    assert json.loads(done.stdout) == [["start", "--port", "1"], True]
