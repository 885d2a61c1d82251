"""All of ``instance.toml``, and the proposals that change it."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from panhuo.instance.policy.kinds import ModeKey, OperatingKey, Strict, Title
from panhuo.instance.policy.rules import Access, InKind, Mode, Operating, People, Policy
from panhuo.instance.policy.sources import TableNote


class Settings(Strict):
    """All of ``instance.toml``."""

    title: Title
    title_zh: str = ""
    currency: Literal["CNY"] = "CNY"
    metric_crs: str = Field("", description="EPSG code of the metric frame; empty: chosen from the data")
    access: Access = Access()
    people: People = People()
    modes: dict[ModeKey, Mode] = Field(
        {"convert": Mode()},
        min_length=1,
        description="the modes the planner allows, a section each such as `[modes.convert]`",
    )
    operating: dict[OperatingKey, Operating] = Field(
        {}, description="the operating modes, a section each such as `[operating.public_private]`; none: nobody runs it"
    )
    in_kind: InKind = InKind()
    policy: Policy = Policy()
    tables: dict[str, TableNote] = Field({})


class Proposal(Strict):
    """A policy proposal: what it changes in an instance."""

    title: Title
    title_zh: str = ""
    access: dict[str, Any] = Field({}, description="keys of access to replace")
    people: dict[str, Any] = Field({}, description="keys of people to replace")
    policy: dict[str, Any] = Field({}, description="keys of policy to replace")
    operating: dict[str, dict[str, Any]] = Field({}, description="keys of operating modes to replace")
    in_kind: dict[str, Any] = Field({}, description="keys of in_kind to replace")
    change: dict[str, dict[str, dict[str, Any]]] = Field(
        {}, description="change.TABLE.KEY.COLUMN = value, for tables with a single key column"
    )

    def replaced(self) -> dict[tuple[str, ...], Any]:
        """List the keys of the settings that it replaces: path → value."""
        parts = {"access": self.access, "people": self.people, "policy": self.policy, "in_kind": self.in_kind}
        plain: dict[tuple[str, ...], Any] = {(part, key): v for part, keys in parts.items() for key, v in keys.items()}
        return plain | {("operating", mode, key): v for mode, keys in self.operating.items() for key, v in keys.items()}
