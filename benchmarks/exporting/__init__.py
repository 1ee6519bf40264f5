"""Parts of the benchmark of exporting."""
