"""The tiles a reader may want below the map: none, unless an address is named."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from panhuo.instance import Fault, Instance, InstanceError
from panhuo.words import T, Text

OPTION = "--basemap"

_GCJ02 = ("amap.com", "autonavi.com", "gtimg.com", "map.qq.com", "google.cn")
"""Hosts whose tiles are drawn in GCJ-02: the map is brought into it, or it would lie 100 to 700 m beside them."""

_BD09 = ("baidu.com", "bdimg.com")
"""Hosts whose tiles are in a projection of their own."""

_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:\d{1,5})?").fullmatch
_PLAIN = re.compile(r"[\x21-\x7e]+").fullmatch


@dataclass(frozen=True)
class Basemap:
    """Tiles in Web Mercator.

    Parameters
    ----------
    url : str
        Their address, with {z}, {x} and {y}; or {-y} where rows count from the south (TMS).
    credit : str
        Whom to name on the page.
    """

    url: str
    credit: str = ""

    def __post_init__(self) -> None:
        """Refuse an address that cannot be one of tiles.

        Raises
        ------
        InstanceError
            With a fault of the address.
        """
        try:
            parts = urlsplit(self.url)
        except ValueError:  # half an IPv6 address, for one
            parts = urlsplit("")
        marks = sorted(re.findall(r"\{[^{}]*\}", self.url))
        if parts.scheme not in ("http", "https") or not _HOST(parts.netloc) or not _PLAIN(self.url):
            self._refuse(
                T("must begin with http:// or https:// and the name of one server"),
                T("Write it as https://server/{{z}}/{{x}}/{{y}}.png"),
            )
        if marks not in (["{x}", "{y}", "{z}"], ["{-y}", "{x}", "{z}"]):
            self._refuse(
                T("must hold {{z}}, {{x}} and {{y}} (or {{-y}}), each once, and nothing else in braces"),
                T("Write it as https://server/{{z}}/{{x}}/{{y}}.png"),
            )
        if self._of(_BD09):
            self._refuse(
                T("these tiles are in a projection of their own (BD-09), not in Web Mercator"),
                T("Name tiles in Web Mercator"),
            )

    @property
    def gcj02(self) -> bool:
        """Whether the tiles are drawn in GCJ-02."""
        return self._of(_GCJ02)

    @property
    def origin(self) -> str:
        """The server, as a Content-Security-Policy names it."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"

    def check(self, instance: Instance) -> None:
        """Refuse a district whose place on the globe is not known.

        Raises
        ------
        InstanceError
            Its positions are local metres.
        """
        if instance.metric_crs == "local":
            self._refuse(
                T("the positions are local metres: where on the globe they lie is not known"),
                T("Leave the basemap out, or give the tables a coordinate system"),
            )

    def _of(self, hosts: tuple[str, ...]) -> bool:
        host = (urlsplit(self.url).hostname or "").lower()
        return any(host == known or host.endswith(f".{known}") for known in hosts)

    def _refuse(self, rule: Text, mend: Text) -> None:
        raise InstanceError([Fault(OPTION, rule, mend, value=self.url)])
