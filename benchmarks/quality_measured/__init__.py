"""What `benchmarks/quality.py` measures, a part a module, and the faults that it plants."""
