"""Memory that goes back to the system once it is free."""

from __future__ import annotations

import ctypes

_MMAP_THRESHOLD, _TRIM_THRESHOLD = -3, -1
"""Names of glibc's parameters (malloc.h)."""
_ARRAY, _TOP = 1 << 18, 1 << 20
"""Bytes: an array so large has pages of its own; so much free memory at the end of a heap is handed back."""


def give_back() -> None:
    """Have glibc hand free memory back at once, for the whole process; other systems' libraries are left as they are.

    By itself it keeps the room of arrays it has seen freed, of up to 32 MB each, and every thread keeps room of its
    own: a large district then holds a fifth more than it needs.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):  # no glibc: Windows, macOS, musl
        return
    mallopt(_MMAP_THRESHOLD, _ARRAY)
    mallopt(_TRIM_THRESHOLD, _TOP)
