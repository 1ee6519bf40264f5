"""`python -m drafting.acceptance`: what `fit_apart` runs."""

import sys

from drafting.acceptance.fit_apart import answer

if __name__ == "__main__":
    answer(sys.stdin.buffer, sys.stdout.buffer)
