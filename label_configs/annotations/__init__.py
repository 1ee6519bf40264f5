"""Which annotation of a task counts.

Annotations and a reviewer's verdict come in, the one that counts comes out, or none. Both sides
ask here, so that nothing which a reviewer rejected is shown to the model as an example.
Open first: `choose_annotation`.
"""

from typing import Literal

# what settles which annotation counts, in the order that holds where nobody says another
Rule = Literal["reviewed", "consensus", "latest"]
ORDER: tuple[Rule, ...] = ("reviewed", "consensus", "latest")
