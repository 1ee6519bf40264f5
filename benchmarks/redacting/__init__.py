"""Sentences with personal data in many scripts, and what redaction makes of them."""
