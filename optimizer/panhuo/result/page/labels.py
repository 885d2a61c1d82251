"""Fixed words of the page and of its script."""

from __future__ import annotations

from panhuo.words import T

LABELS = {
    "skip": T("Skip to the map"),
    "contents": T("Contents"),
    "glance": T("At a glance"),
    "story": T("In short"),
    "map": T("The map"),
    "coverage": T("Coverage"),
    "equity": T("Equity"),
    "money": T("Money"),
    "operation": T("Places and their year"),
    "proof": T("Proof and data"),
    "method": T("Method"),
    "service": T("Service"),
    "layers": T("Layers"),
    "zoom_in": T("Zoom in"),
    "zoom_out": T("Zoom out"),
    "whole": T("Whole district"),
    "clear": T("Clear selection"),
    "rooms": T("Rooms"),
    "show": T("Show"),
    "chosen_rooms": T("chosen"),
    "other_rooms": T("not chosen"),
    "all_rooms": T("all"),
    "search": T("Search"),
    "name": T("Room"),
    "mode": T("Mode"),
    "services": T("Services"),
    "persons": T("Person-services there"),
    "capital": T("Capital"),
    "reason": T("Outcome"),
    "nothing": T("No room selected. Choose one in the table or on the map."),
    "sort": T("Click a heading to sort; click a row to see the room on the map, and whom it serves."),
    "no_script": T("The map needs JavaScript; all tables below work without."),
    "map_help": T(
        "Map. Arrow keys move it, plus and minus zoom, 0 shows the whole district. All it shows is in the tables too."
    ),
    "remarks": T("Remarks"),
    "minutes": T("Where minutes come from"),
    "basemap": T("Basemap"),
    "back": T("Earlier rooms"),
    "on": T("Further rooms"),
    "outline_note": T("The ground of a circle is its polygon, as it was given."),
    "ground_note": T(
        "The ground of a circle is what is nearest to its demand points; there are no official borders in it."
    ),
}
"""Words of the template."""

LAYERS = {
    "circles": T("Life circles, darker: more covered"),
    "covered": T("Covered before and after"),
    "new": T("Newly covered"),
    "lost": T("No longer covered"),
    "open": T("Not covered"),
    "far": T("Out of reach of any room"),
    "existing": T("Existing facilities"),
    "closed": T("Existing, closed by the plan"),
    "keep": T("Chosen: keep"),
    "convert": T("Chosen: convert"),
    "rebuild": T("Chosen: rebuild"),
    "add": T("Chosen: add on"),
    "others": T("Chosen for other services"),
    "rejected": T("Rooms not chosen"),
    "reached": T("Whom the selected room serves"),
    "area": T("From where one can walk to it in time"),
}
"""Layers of the map that can be switched, as the legend has them."""

SCRIPT = {
    "need": T("in need {need}: covered {before} before, {after} after"),
    "circle": T("circle {circle}"),
    "closed": T("closed by the plan"),
    "chosen_as": T("{mode}: {services}"),
    "serves": T("{name} ({mode}) – {services}. Demand points that go there for {service}: {points}."),
    "serves_none": T("{name} ({mode}) – {services}."),
    "not_chosen": T("{name} – {reason}. {why}"),
    "ground": T("{before} → {after} of {need} in need are covered"),
    "count": T("{shown} of {all} rooms"),
    "paged": T("{first}–{last} of {shown} rooms, {all} in all"),
}
"""Patterns that the page's script fills in, as they stand here."""
