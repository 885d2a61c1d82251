"""Where the tables come from: what ``[tables.NAME]`` says."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from panhuo.instance.policy.kinds import Strict


class Condition(Strict):
    """What a row must meet to be read."""

    column: str = Field(description="header in the file")
    op: Literal["=", "!=", "<", "<=", ">", ">=", "in", "not in", "has", "blank", "filled"] = Field(
        description="comparison, as in rules"
    )
    value: str | float | bool = Field("", description="what it is compared with")


class TableNote(Strict):
    """Where a table comes from; ``crs`` is required for tables with positions."""

    crs: str = Field("", description="EPSG:4490, EPSG:4544, …, GCJ-02, BD-09, or local (plain metres)")
    source: str = Field("", description="where the table comes from")
    licence: str = Field("", description="under which terms it may be used")
    fact: tuple[str, ...] = Field((), description="columns that are facts")
    synthetic: tuple[str, ...] = Field((), description="columns that were made up for the example")
    file: str = Field(
        "",
        description="the file it is read from, where that is not called by the table's name; $NAME stands for the "
        "environment variable NAME; a file of that name in the instance's own folder comes first",
    )
    layer: str = Field("", description="the layer or sheet of that file")
    columns: dict[str, str] = Field(
        {}, description="column of the table = header in the file; an empty header: the column is not read"
    )
    where: tuple[Condition, ...] = Field((), description="only the rows that meet all of these conditions are read")
    values: dict[str, str | float | bool] = Field(
        {}, description="column of the table = one value for all rows, where the file has no such column"
    )
