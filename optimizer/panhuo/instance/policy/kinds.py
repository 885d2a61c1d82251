"""The kinds of values that settings hold, and what is strict of all of them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints
from pydantic_core import PydanticCustomError


def _no_flag(value: Any) -> Any:
    """Refuse true and false, which would pass for 1 and 0."""
    if isinstance(value, bool):
        raise PydanticCustomError("float_type", "must be a number")
    return value


Number = Annotated[float, BeforeValidator(_no_flag)]
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Whole = Annotated[int, BeforeValidator(_no_flag)]
ModeKey = Literal["keep", "convert", "rebuild", "add"]
OperatingKey = Literal["public_public", "public_private", "private_aided", "listed"]


class Strict(BaseModel):
    """A section of the settings: no unknown keys, no infinite numbers, nothing changed later."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)
