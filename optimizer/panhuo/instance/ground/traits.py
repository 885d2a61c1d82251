"""What each row of the table network is good for: who walks there, and how fast a vehicle goes each way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from panhuo.instance.findings import Findings
from panhuo.instance.ground.kinds import KINDS, Kind
from panhuo.instance.policy import Driving
from panhuo.instance.reading.raw import Typed
from panhuo.instance.reading.units import fold
from panhuo.instance.schema import spoken
from panhuo.words import T

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Traits:
    """What lines are good for, one entry a line.

    Parameters
    ----------
    walk, stairs, span : (n,) bool
        As in `panhuo.instance.maps.Network`.
    drive_km_h : (2, n) float [km/h]
        Speed of a vehicle along the line and against it; 0 where none may go.
    """

    walk: Bools
    stairs: Bools
    span: Bools
    drive_km_h: Floats

    @property
    def used(self) -> Bools:
        """Lines that somebody walks or drives on."""
        return self.walk | (self.drive_km_h > 0).any(axis=0)

    def at(self, lines: NDArray[np.int64]) -> Traits:
        """Take the traits of some lines."""
        return Traits(self.walk[lines], self.stairs[lines], self.span[lines], self.drive_km_h[:, lines])

    def with_paths(self, count: int) -> Traits:
        """Add lines that are walked on only: the ones that join ends."""
        no = np.zeros(count, dtype=bool)
        return Traits(
            np.concatenate([self.walk, ~no]),
            np.concatenate([self.stairs, no]),
            np.concatenate([self.span, no]),
            np.hstack([self.drive_km_h, np.zeros((2, count))]),
        )


def traits(read: Typed, driving: Driving, file: str, findings: Findings) -> Traits:
    """Tell what every row of the network is good for.

    A column of the table rules over the kind of the line, and ``access.driving.kinds`` over the table of kinds. Without
    a kind a line is walked on, and driven on at ``access.driving.speed_km_h``; with one that is not known it is walked
    on only. No vehicle climbs stairs unless the row gives it a speed.

    Parameters
    ----------
    read : Typed
        The table network.
    driving : Driving
        Speeds of vehicles.
    file : str
        File of the settings.
    findings : Findings
        Where warnings go.
    """
    frame = read.frame
    at, words = pd.factorize(frame["kind"].str.strip().str.lower())
    known = {**KINDS, "": Kind(drive_km_h=driving.speed_km_h)}
    kinds = [known.get(str(word), Kind()) for word in words]
    own = {word.strip().lower(): speed for word, speed in driving.kinds.items()}
    speeds = [own.get(str(word), kind.drive_km_h) for word, kind in zip(words, kinds, strict=True)]
    _unknown([str(w) for w in words if w], own, read, file, findings)
    stairs = _flag(frame["stairs"], np.array([k.stairs for k in kinds], dtype=bool)[at])
    speed = frame["speed_km_h"].to_numpy("float64")
    if fold(read.headers.get("speed_km_h", "")) == "maxspeed":
        speed = np.where(speed == 0, np.nan, speed)  # no limit is 0: in shapefiles of OpenStreetMap it is not known
    speed = np.where(np.isnan(speed), np.where(stairs, 0.0, np.array(speeds, dtype="float64")[at]), speed)
    oneway = frame["oneway"].to_numpy(dtype=object)
    drive = np.vstack([np.where(oneway == "-1", 0.0, speed), np.where(oneway == "yes", 0.0, speed)])
    walk = _flag(frame["walk"], np.array([k.walk for k in kinds], dtype=bool)[at])
    return Traits(walk, stairs, _flag(frame["span"], np.zeros(len(frame), dtype=bool)), drive)


def _flag(values: pd.Series, otherwise: Bools) -> Bools:
    blank = values.isna().to_numpy(dtype=bool)
    return np.where(blank, otherwise, values.fillna(value=False).to_numpy(dtype=bool))


def _unknown(words: list[str], own: dict[str, float], read: Typed, file: str, findings: Findings) -> None:
    """Name the kinds nobody knows, in the table and in the settings."""
    strange = [word for word in words if word not in KINDS and word not in own]
    if strange:
        findings.warn(
            read.file,
            T(
                "kinds that are not known: {kinds}; people walk there, and no vehicle drives",
                kinds=spoken.some(strange),
            ),
            T("Write them in the words of OpenStreetMap, or give walk and speed_km_h, or write access.driving.kinds"),
            column=read.headers.get("kind", "kind"),
        )
    for word in own:
        if word not in KINDS and word not in words:
            findings.warn(
                file,
                T("no line is of this kind"),
                T("Nothing to do if that is meant"),
                column="access.driving.kinds",
                value=word,
            )
