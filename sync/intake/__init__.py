"""Everything before Label Studio: sources are read, cleaned, redacted, categorised and pushed."""
