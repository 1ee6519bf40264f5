"""Tests, a package: a dependency that installs a `tests` of its own must not be taken for them."""
