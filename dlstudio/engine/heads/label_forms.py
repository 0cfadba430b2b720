"""What labels are, and the forms in which losses take them."""

from __future__ import annotations

from typing import Literal

LabelForm = Literal[
    "index", "one_hot", "binary", "multi_hot", "number", "scaled", "rows", "next_token"
]
"""Form of the labels passed to the loss, for a batch of n samples:

- "index": class numbers, int64 (n,)
- "one_hot": float32 (n, classes), one 1 in each row
- "binary": float32 (n, 1), 1 for the second of two classes
- "multi_hot": float32 (n, classes), any number of 1s in each row
- "number": float32 (n, 1), in the target's own unit
- "scaled": float32 (n, ...), from 0 to 1, of rows from 0 to 255
- "next_token": int32 (n, length), the token behind each position, 0 for none
- "rows": float32 (n, ...), the rows of the target as they are encoded
"""

LabelKind = str
"""What a sample's label is: "single" for one class, "multi" for any number of classes;
any other word, such as "number", of a head without classes."""
