"""Parts of `benchmarks/review.py`, a module each: `measured(quick)` returns its figures by name."""
