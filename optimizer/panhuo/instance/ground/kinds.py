"""Kinds of line in the words of OpenStreetMap: who walks there, and how fast a vehicle goes.

Sources
-------
Words and who may walk: OpenStreetMap wiki, "Key:highway" and "OSM tags for routing/Access restrictions" (worldwide
defaults): people walk on everything but motorways, bus-only lanes and what is not built; trunk roads are open to them.
Speeds [km/h]: for city roads the lowest design speed of the class in CJJ 37-2012, table 3.2.1 (expressway 60, arterial
40, secondary 30, branch 20; a tertiary road stands between secondary and branch), for motorways that of JTG B01-2014,
section 3.5 (80); those of service roads, living streets, tracks and ramps are ours.
"""

from __future__ import annotations

from dataclasses import dataclass

EXPRESSWAY, ARTERIAL, SECONDARY, BRANCH = 60.0, 40.0, 30.0, 20.0


@dataclass(frozen=True)
class Kind:
    """What a kind of line is good for.

    Parameters
    ----------
    walk : bool
        People walk there unless the line says otherwise.
    drive_km_h : float [km/h]
        Speed of a vehicle; 0 where none goes.
    stairs : bool
        It is made of steps.
    """

    walk: bool = True
    drive_km_h: float = 0.0
    stairs: bool = False


KINDS: dict[str, Kind] = {
    "motorway": Kind(walk=False, drive_km_h=80.0),
    "motorway_link": Kind(walk=False, drive_km_h=ARTERIAL),
    "trunk": Kind(drive_km_h=EXPRESSWAY),
    "trunk_link": Kind(drive_km_h=ARTERIAL),
    "primary": Kind(drive_km_h=ARTERIAL),
    "primary_link": Kind(drive_km_h=ARTERIAL),
    "secondary": Kind(drive_km_h=SECONDARY),
    "secondary_link": Kind(drive_km_h=SECONDARY),
    "tertiary": Kind(drive_km_h=SECONDARY),
    "tertiary_link": Kind(drive_km_h=SECONDARY),
    "unclassified": Kind(drive_km_h=BRANCH),
    "residential": Kind(drive_km_h=BRANCH),
    "road": Kind(drive_km_h=BRANCH),
    "service": Kind(drive_km_h=15.0),
    "living_street": Kind(drive_km_h=10.0),
    "track": Kind(drive_km_h=10.0),
    **{f"track_grade{grade}": Kind(drive_km_h=10.0) for grade in range(1, 6)},  # as Geofabrik's shapefiles say it
    "footway": Kind(),
    "pedestrian": Kind(),
    "path": Kind(),
    "cycleway": Kind(),
    "bridleway": Kind(),
    "crossing": Kind(),
    "corridor": Kind(),
    "platform": Kind(),
    "elevator": Kind(),
    "steps": Kind(stairs=True),
    "busway": Kind(walk=False),
    "bus_guideway": Kind(walk=False),
    "raceway": Kind(walk=False),
    "escape": Kind(walk=False),
    "rest_area": Kind(walk=False),
    "services": Kind(walk=False),
    "via_ferrata": Kind(walk=False),
    "construction": Kind(walk=False),
    "proposed": Kind(walk=False),
    "planned": Kind(walk=False),
    "abandoned": Kind(walk=False),
    "disused": Kind(walk=False),
    "razed": Kind(walk=False),
    "demolished": Kind(walk=False),
    "no": Kind(walk=False),
}
"""Every kind that is known, by its word."""
