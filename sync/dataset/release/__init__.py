"""Releases: fine-tuning files with their manifest, the lineage of every line, and companions."""
