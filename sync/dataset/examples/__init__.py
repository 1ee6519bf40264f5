"""Records as examples: what a trainer can learn from them, before any file's format."""
