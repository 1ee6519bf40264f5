"""Releases: training files with manifest, lineage and companions, whole or not at all.

Records, a split and formats come in; a folder that was checked comes out. Also what changed between
two releases, and personal data put back into one.
Open first: `export`.
"""
