"""A network with whole-number flows."""

from __future__ import annotations


class Network:
    """Arcs with whole-number room, filled by blocking flows (Dinitz 1970; see doi:10.1007/11685654_10).

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
            steps = self._steps(source, sink)
            if steps[sink] < 0:
                break
            sent += self._block(source, sink, limit - sent, steps)
        return sent

    def _steps(self, source: int, sink: int) -> list[int]:
        """Count the arcs with room from the source to every node; -1 where none lead there, or only past the sink."""
        steps = [-1] * len(self.leaving)
        steps[source] = 0
        front = [source]
        while front and steps[sink] < 0:
            beyond = []
            for node in front:
                for a in self.leaving[node]:
                    if self.room[a] and steps[self.head[a]] < 0:
                        steps[self.head[a]] = steps[node] + 1
                        beyond.append(self.head[a])
            front = beyond
        return steps

    def _block(self, source: int, sink: int, limit: int, steps: list[int]) -> int:
        """Send what fits along shortest paths; each arc found useless is not tried again."""
        leaving, head, room = self.leaving, self.head, self.room
        tried = [0] * len(leaving)
        sent, node = 0, source
        path: list[int] = []
        while sent < limit:
            if node == sink:
                amount = min(limit - sent, *(room[a] for a in path))
                for a in path:
                    room[a] -= amount
                    room[a ^ 1] += amount
                sent += amount
                full = next((n for n, a in enumerate(path) if not room[a]), 0)
                node = head[path[full] ^ 1]
                del path[full:]
                continue
            arcs = leaving[node]
            while tried[node] < len(arcs):
                a = arcs[tried[node]]
                if room[a] and steps[head[a]] == steps[node] + 1:
                    break
                tried[node] += 1
            else:
                if not path:
                    break
                node = head[path.pop() ^ 1]
                tried[node] += 1
                continue
            path.append(a)
            node = head[a]
        return sent
