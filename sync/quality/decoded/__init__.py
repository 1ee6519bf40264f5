"""Pulled rows as finished work: decoded once for the checks and the report, and kept for the next.

A row that is what it was is not decoded again. Open first: `work`.
"""
