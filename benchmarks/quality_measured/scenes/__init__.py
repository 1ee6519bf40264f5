"""Clean answers by scene: real ones, and ones written here with facts that differ."""
