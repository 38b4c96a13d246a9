"""What the checks share."""

import sys


def same(what, got, want):
    """Ends the program when two values differ."""
    if got != want:
        sys.exit(f"{what}: got {got!r}, want {want!r}")


def delete_all(es, pattern):
    """Deletes the indices of a pattern by their names: a server may refuse patterns."""
    for name in es.indices.get(index=pattern):
        es.indices.delete(index=name)
