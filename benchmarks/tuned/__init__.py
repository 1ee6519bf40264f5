"""What `benchmarks/tuning.py` measures, a module a part."""
