"""Files that trainers read, our own and anybody's.

`example` says what can be learnt, `formats` how it is written, `trainers` what their readers ask,
`validation` checks a file by both, and `manifest` tells what a release holds.
Open first: `example`.
"""
