"""Train, validation and test: no leak between them, the same for ever, provable by anybody."""
