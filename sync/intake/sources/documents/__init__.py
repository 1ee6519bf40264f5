"""Documents cut by heading into topics: one task a section, ready for question writing."""
