"""What ``instance.toml`` and the proposals say beside the tables: access, modes, policy, sources."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError


def _no_flag(value: Any) -> Any:
    """Refuse true and false, which would pass for 1 and 0."""
    if isinstance(value, bool):
        raise PydanticCustomError("float_type", "must be a number")
    return value


Number = Annotated[float, BeforeValidator(_no_flag)]
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Whole = Annotated[int, BeforeValidator(_no_flag)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class TableNote(_Strict):
    """Where a table comes from; ``crs`` is required for tables with positions."""

    crs: str = Field("", description="EPSG:4490, EPSG:4544, …, GCJ-02, BD-09, or local (plain metres)")
    source: str = Field("", description="where the table comes from")
    licence: str = Field("", description="under which terms it may be used")
    fact: tuple[str, ...] = Field((), description="columns that are facts")
    synthetic: tuple[str, ...] = Field((), description="columns that were made up for the example")


class Access(_Strict):
    """How minutes come about."""

    method: Literal["straight", "minutes"] = Field(
        "straight", description="straight: straight line × detour, given minutes rule; minutes: given minutes only"
    )
    detour: Number = Field(1.3, ge=1, le=5, description="walking distance over straight-line distance")


class Mode(_Strict):
    """One of 留改拆增: which area it offers and how long it takes."""

    area_of: Literal["area_m2", "floor_area_m2", "outdoor_m2"] = Field("area_m2", description="the area it starts from")
    area_ratio: Number = Field(1.0, gt=0, le=10, description="usable area over that area")
    months: Whole = Field(0, ge=0, description="months until it opens")
    closes_existing: bool = Field(False, description="an existing facility in the site closes")


class Floor(_Strict):
    """A coverage floor: in each of the circles, at least ``share`` of the service's base is covered."""

    service: str
    share: Number = Field(ge=0, le=1, description="least share covered, 0 to 1")
    circles: tuple[str, ...] = Field((), description="the circles; none named: see circle_types")
    circle_types: tuple[str, ...] = Field((), description="the types of circle; none named either: every circle")
    base: Literal["reachable", "all"] = Field("reachable", description="share of the reachable people, or of all")


class Stage(_Strict):
    """One objective; stages are solved in turn and a later one keeps what an earlier one reached."""

    name: str
    measure: Literal["coverage", "smallest_share", "capital", "party_capital"]
    classes: tuple[Literal["basic", "quality", "distinctive"], ...] = Field(
        (), description="coverage, smallest_share: services of these classes; none named: every class"
    )
    services: tuple[str, ...] = Field((), description="coverage, smallest_share: these services only")
    circle_types: tuple[str, ...] = Field((), description="smallest_share: circles of these types only")
    party: Literal["", "government", "community", "enterprise", "resident", "donor"] = Field(
        "", description="party_capital: whose capital is made small"
    )
    tolerance: Number = Field(0.001, ge=0, lt=1, description="what later stages may give up of this one, as a share")

    @property
    def maximise(self) -> bool:
        """Whether more is better."""
        return self.measure in ("coverage", "smallest_share")


DEFAULT_STAGES = (
    Stage(name="basic", measure="coverage", classes=("basic",)),
    Stage(name="quality", measure="coverage", classes=("quality",)),
    Stage(name="distinctive", measure="coverage", classes=("distinctive",)),
)


class Policy(_Strict):
    """Budget, floors, pins and objectives."""

    budget_cny: Number | None = Field(None, ge=0, description="the most capital all parties spend together")
    floors: tuple[Floor, ...] = ()
    required_sites: tuple[str, ...] = Field((), description="sites that must be used, beside status = required")
    excluded_sites: tuple[str, ...] = Field((), description="sites that must not, beside status = excluded")
    objectives: tuple[Stage, ...] = Field(DEFAULT_STAGES, min_length=1)


class Settings(_Strict):
    """All of ``instance.toml``."""

    title: Title
    title_zh: str = ""
    currency: Literal["CNY"] = "CNY"
    metric_crs: str = Field("", description="EPSG code of the metric frame; empty: chosen from the data")
    access: Access = Access()
    modes: dict[Literal["keep", "convert", "rebuild", "add"], Mode] = Field(
        {"convert": Mode()},
        min_length=1,
        description="the modes the planner allows, a section each such as `[modes.convert]`",
    )
    policy: Policy = Policy()
    tables: dict[str, TableNote] = {}


class Proposal(_Strict):
    """A policy proposal: what it changes in an instance."""

    title: Title
    title_zh: str = ""
    access: dict[str, Any] = Field({}, description="keys of access to replace")
    policy: dict[str, Any] = Field({}, description="keys of policy to replace")
    change: dict[str, dict[str, dict[str, Any]]] = Field(
        {}, description="change.TABLE.KEY.COLUMN = value, for tables with a single key column"
    )
