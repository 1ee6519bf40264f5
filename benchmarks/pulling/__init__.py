"""A real Label Studio with projects of a known size, and what is timed against it."""
