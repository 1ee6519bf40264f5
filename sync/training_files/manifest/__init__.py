"""What a release says of itself: its files, their hashes, and where each line comes from.

Open first: `manifest`.
"""

MANIFEST = "manifest.json"
LINEAGE = "lineage.jsonl"
