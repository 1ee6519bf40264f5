"""`python -m sync` is `labeltune`."""

from sync.cli import run

run()
