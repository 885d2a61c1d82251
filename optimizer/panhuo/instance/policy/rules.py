"""What a district wants and allows: access, people, modes, operating, in kind, policy."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from panhuo.instance.policy.kinds import ModeKey, Number, OperatingKey, Strict, Title, Whole


class Driving(Strict):
    """How fast a vehicle delivers."""

    speed_km_h: Number = Field(
        25, gt=0, le=120, description="speed where neither the line nor its kind says one, and over straight lines"
    )
    kinds: dict[str, Annotated[Number, Field(ge=0, le=130)]] = Field(
        {}, description="kind of line = speed [km/h], 0 where no vehicle goes; others as the format page lists them"
    )


class Access(Strict):
    """How minutes come about."""

    method: Literal["straight", "network", "minutes"] | None = Field(
        None,
        description="straight: straight line × detour; network: along the lines of the network; minutes: given minutes "
        "only. Given minutes rule everywhere. Not given: network where there is one, else straight",
    )
    detour: Number = Field(1.3, ge=1, le=5, description="walking distance over straight-line distance")
    way_home: bool = Field(False, description="count the worse of the way there and the way home")
    max_snap_m: Number = Field(
        300, gt=0, le=5000, description="who is farther from the network than this [m] is off it and reaches nothing"
    )
    join_m: Number = Field(0.5, ge=0, le=50, description="ends of lines so near to another line [m] are joined to it")
    island_m: Number = Field(
        1000, ge=0, description="pieces of the network shorter than this [m], and joined to nothing, are left out"
    )
    sample_m: Number = Field(20, gt=0, le=1000, description="heights are taken along the lines so far apart [m]")
    no_data: Literal["fault", "flat"] = Field(
        "fault", description="lines where no height is known are a fault, or count as flat"
    )
    driving: Driving = Driving()


class People(Strict):
    """How demand points are made of a population raster or of buildings, and how near ones are merged."""

    merge_min: Number = Field(
        0,
        ge=0,
        le=5,
        description="near demand points of a circle and unit are merged where the error stays below this [min]",
    )
    circle: str = Field("", description="the circle of demand points that lie in no polygon of circles; empty: a fault")


class Mode(Strict):
    """One of 留改拆增: which area it offers and how long it takes."""

    area_of: Literal["area_m2", "floor_area_m2", "outdoor_m2"] = Field("area_m2", description="the area it starts from")
    area_ratio: Number = Field(1.0, gt=0, le=10, description="usable area over that area")
    months: Whole = Field(0, ge=0, description="months until it opens")
    closes_existing: bool = Field(False, description="an existing facility in the site closes")


class Operating(Strict):
    """An operating mode: who builds, who runs, what it may charge and what it must earn."""

    name_zh: str = ""
    name_en: str = ""
    services: tuple[str, ...] = Field((), description="services it may run; none named: every service")
    modes: tuple[ModeKey, ...] = Field((), description="modes it may run; none named: every mode")
    operator: Literal["government", "community", "enterprise"] = Field(
        description="the party that runs it: what it paid of the capital may be written off"
    )
    price_classes: tuple[Literal["safety_net", "inclusive", "market"], ...] = Field(
        (), description="classes of tariffs it may charge; none named: every class"
    )
    margin_min: Number | None = Field(
        None,
        ge=-1,
        le=1,
        examples=[0],
        description="least (income − cost) / income; not given: the deficit is paid by yearly funds",
    )
    margin_max: Number | None = Field(
        None, ge=-1, le=1, examples=[0.08], description="largest (income − cost) / income"
    )
    pooled_by: Literal["", "owner", "unit", "circle", "zone", "plan"] = Field(
        "", description="places with one value of this column of sites (or of the plan) keep their margin together"
    )
    subsidy_cny: Number = Field(0, ge=0, description="largest operating subsidy of a place in a year")
    subsidy_cny_per_m2: Number = Field(0, ge=0, description="the same, further for every m²")
    write_off_years: Number | None = Field(
        None, gt=0, examples=[8], description="years over which the operator's own capital is charged; not given: never"
    )
    pays_rent: bool = Field(False, description="it pays the market rent; else the owner gives the room rent-free")
    volunteer_hours: Number = Field(0, ge=0, description="hours of volunteers a place gets in a year")


class InKind(Strict):
    """What is given without cash: rent-free rooms and volunteers."""

    rent_cny_per_m2: Number = Field(0, ge=0, description="market rent of a m² in a year, where the site does not say")
    volunteer_cny_per_hour: Number = Field(0, ge=0, description="what an hour of a volunteer is worth")
    years: Number = Field(1, gt=0, description="how many years of it stand beside the capital")


class Complex(Strict):
    """What makes a project an embedded complex (社区嵌入式服务综合体)."""

    min_area_m2: Number = Field(ge=0, examples=[600], description="least floor area of its services together")
    min_functions: Whole = Field(ge=1, examples=[3], description="least number of services")
    named: tuple[str, ...] = Field((), description="the named services")
    min_named: Whole = Field(0, ge=0, description="least number of named services among them")
    least: Whole = Field(0, ge=0, description="least number of complexes in the plan")


class Quota(Strict):
    """A group's share of the money or of the floor area, measured by its share of the people (人钱地挂钩)."""

    measure: Literal["capital", "floor_area"]
    fund: str = Field("", description="capital: the fund; not given: all money")
    by: Literal["circle_type", "circle"] = Field(description="the groups")
    min_factor: Number = Field(0, ge=0, description="a group gets at least so many times its share of the people")
    max_factor: Number | None = Field(None, ge=0, examples=[2], description="and at most so many times")


class Floor(Strict):
    """A coverage floor: in each of the circles, at least ``share`` of the service's base is covered."""

    service: str
    share: Number = Field(ge=0, le=1, description="least share covered, 0 to 1")
    circles: tuple[str, ...] = Field((), description="the circles; none named: see circle_types")
    circle_types: tuple[str, ...] = Field((), description="the types of circle; none named either: every circle")
    base: Literal["reachable", "all"] = Field("reachable", description="share of the reachable people, or of all")


class Stage(Strict):
    """One objective; stages are solved in turn and a later one keeps what an earlier one reached."""

    name: str
    name_zh: str = ""
    measure: Literal["coverage", "smallest_share", "capital", "party_capital", "party_yearly", "links"]
    classes: tuple[Literal["basic", "quality", "distinctive"], ...] = Field(
        (), description="coverage, smallest_share: services of these classes; none named: every class"
    )
    services: tuple[str, ...] = Field((), description="coverage, smallest_share: these services only")
    circle_types: tuple[str, ...] = Field((), description="smallest_share: circles of these types only")
    party: Literal["", "government", "community", "enterprise", "resident", "donor"] = Field(
        "", description="party_capital, party_yearly: whose capital, or share of the year, is made small"
    )
    tolerance: Number = Field(0.001, ge=0, lt=1, description="what later stages may give up of this one, as a share")

    @property
    def maximise(self) -> bool:
        """Whether more is better."""
        return self.measure in ("coverage", "smallest_share", "links")


DEFAULT_STAGES = (
    Stage(name="basic", measure="coverage", classes=("basic",)),
    Stage(name="quality", measure="coverage", classes=("quality",)),
    Stage(name="distinctive", measure="coverage", classes=("distinctive",)),
)


class Pin(Strict):
    """What a room is to become, or not: a site in a mode for a service."""

    site: Title = Field(description="the site")
    mode: ModeKey = Field(description="the mode")
    service: Title = Field(description="the service")
    operating: Literal["", OperatingKey] = Field("", description="the operating mode; not given: any")
    size: str = Field("", description="the size, as plan.csv names it; not given: any")

    @property
    def key(self) -> str:
        """Its name: ``site:mode:service[:operating][:size]``."""
        return ":".join([self.site, self.mode, self.service, *filter(None, (self.operating, self.size))])


class Policy(Strict):
    """Budget, prices, complexes, quotas, floors, pins and objectives."""

    budget_cny: Number | None = Field(None, ge=0, description="the most capital all parties spend together")
    start_year: Whole | None = Field(
        None,
        ge=1900,
        le=2200,
        examples=[2026],
        description="year in which capital is first paid; funds may be limited to years then",
    )
    affordable_share: Number | None = Field(
        None,
        ge=0,
        le=1,
        examples=[0.2],
        description="largest share of a month's income that visits may cost; not given: no limit",
    )
    price_cap_cny: Number | None = Field(
        None, ge=0, examples=[20], description="tariffs with a higher price for any tier may not be charged"
    )
    complex: Complex | None = None
    quotas: tuple[Quota, ...] = ()
    floors: tuple[Floor, ...] = ()
    required_sites: tuple[str, ...] = Field((), description="sites that must be used, beside status = required")
    excluded_sites: tuple[str, ...] = Field((), description="sites that must not, beside status = excluded")
    pinned: tuple[Pin, ...] = Field((), description="options that must be chosen")
    dropped: tuple[Pin, ...] = Field((), description="options that must not")
    objectives: tuple[Stage, ...] = Field(DEFAULT_STAGES, min_length=1)
