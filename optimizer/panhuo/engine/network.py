"""A small network with whole-number flows."""

from __future__ import annotations

from collections import deque


class Network:
    """Arcs with whole-number room, augmented along shortest paths (Edmonds and Karp, doi:10.1145/321694.321699).

    Python's own integers: exact at any size. Arc ``a`` and its reverse ``a ^ 1`` share their room.

    Parameters
    ----------
    nodes : int
        Number of nodes.
    """

    def __init__(self, nodes: int) -> None:
        self.leaving: list[list[int]] = [[] for _ in range(nodes)]
        self.head: list[int] = []
        self.room: list[int] = []

    def arc(self, tail: int, head: int, room: int) -> int:
        """Add an arc that may carry ``room``; gives its number."""
        number = len(self.head)
        for start, end, free in ((tail, head, room), (head, tail, 0)):
            self.leaving[start].append(len(self.head))
            self.head.append(end)
            self.room.append(free)
        return number

    def push(self, source: int, sink: int, limit: int) -> int:
        """Send as much as possible, at most ``limit``, from source to sink on top of what flows; gives the amount."""
        sent = 0
        while sent < limit:
            path = self._path(source, sink)
            if not path:
                break
            amount = min(limit - sent, *(self.room[a] for a in path))
            for a in path:
                self.room[a] -= amount
                self.room[a ^ 1] += amount
            sent += amount
        return sent

    def _path(self, source: int, sink: int) -> list[int]:
        """Find the arcs of a shortest path with room; empty where there is none."""
        came: dict[int, int] = {source: -1}
        queue = deque([source])
        while queue and sink not in came:
            node = queue.popleft()
            for a in self.leaving[node]:
                if self.room[a] and self.head[a] not in came:
                    came[self.head[a]] = a
                    queue.append(self.head[a])
        path: list[int] = []
        node = sink
        while came.get(node, -1) >= 0:
            path.append(came[node])
            node = self.head[came[node] ^ 1]
        return path[::-1]
