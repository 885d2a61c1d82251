"""Draw the two maps of the README and print its figures; run it as a script, with Panhuo installed.

``network.png`` is the plan that counts minutes along the streets, ``straight.png`` the one that measures straight lines,
both as feet find them. There are no words on the maps, so that they serve both languages. Colours: Okabe & Ito 2008,
told apart by the colour-blind too.
"""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import rasterio
from matplotlib.axes import Axes
from matplotlib.colors import LightSource
from matplotlib.figure import Figure
from matplotlib.markers import MarkerStyle
from matplotlib.patheffects import withStroke

import panhuo
from panhuo.result.figure.canvas import saved, scale_bar, settings

HERE = Path(__file__).resolve().parent
REACHED, PROMISED, NOT_REACHED = "#0072B2", "#D55E00", "#FFFFFF"
WATER, STREET, STAIRS, ROOM = "#56B4E9", "#4D4D4D", "#CC79A7", "#F0E442"
HALF = {"canteen": "left", "clinic": "right"}
SHAPE = {"canteen": "s", "clinic": "^"}
MOST_OF_THEM = 0.5


def main() -> None:
    """Solve both ways, walk both plans, draw and print."""
    walked, flown = panhuo.read(HERE), panhuo.read(HERE, proposal=HERE / "proposals" / "straight.toml")
    network, straight = panhuo.solve(walked, gap=0.0), panhuo.solve(flown, gap=0.0)
    delivered = panhuo.evaluate(walked, pd.DataFrame(straight.plan)[["site", "mode", "service"]])
    results = {"straight, as promised": straight, "straight, on foot": delivered, "network, on foot": network}
    for name, result in results.items():
        table = (
            pd.DataFrame(result.coverage).groupby("service")[["before_persons", "after_persons", "new_persons"]].sum()
        )
        capital = pd.DataFrame(result.plan)["capital_cny"].sum()
        print(
            f"{name}: {capital:,.0f} CNY",
            sorted(result.plan["site"] + " " + result.plan["service"]),
            table,
            "",
            sep="\n",
        )
    draw(walked, network, None, HERE / "network.png")
    draw(walked, delivered, straight, HERE / "straight.png")


def draw(instance: panhuo.Instance, plan: panhuo.Result, promise: panhuo.Result | None, path: Path) -> None:
    """Draw one plan; with ``promise`` the points are marked that were to be reached and are not."""
    demand = instance["demand"]
    west, east = demand["x_m"].min() - 90, demand["x_m"].max() + 90
    south, north = demand["y_m"].min() - 90, demand["y_m"].max() + 90
    with settings():
        fig = Figure(figsize=(8, 8 * (north - south) / (east - west)))
        ax = fig.add_axes((0, 0, 1, 1))
        _ground(ax)
        _streets(ax)
        _people(ax, demand, _share(plan), _share(promise or plan))
        _rooms(ax, instance["existing"], instance["sites"], pd.DataFrame(plan.plan))
        ax.set(xlim=(west, east), ylim=(south, north))
        scale_bar(ax, 11)
        ax.set_axis_off()
        saved(fig, path, dpi=100)
    _fewer_colours(path)


def _ground(ax: Axes) -> None:
    with rasterio.open(HERE / "elevation.tif") as file:
        height, box = file.read(1), file.bounds
    shade = LightSource(315, 40).hillshade(height, vert_exag=2, dx=20, dy=20)
    extent = (box.left, box.right, box.bottom, box.top)
    shade = np.round(shade * 16) / 16  # few greys: a small file
    ax.imshow(0.72 + 0.28 * shade, cmap="gray", vmin=0, vmax=1, extent=extent, interpolation="nearest")
    rows, columns = height.shape
    x = np.linspace(box.left + 10, box.right - 10, columns)
    y = np.linspace(box.top - 10, box.bottom + 10, rows)
    ax.contourf(x, y, height, levels=[0, height.min() + 0.5], colors=[WATER])
    ax.contour(x, y, height, levels=np.arange(200, height.max(), 20), colors="#8C6D46", linewidths=0.5, alpha=0.6)


def _streets(ax: Axes) -> None:
    lines = gpd.read_file(HERE / "network.gpkg")
    kinds = {"residential": (STREET, 0.9, "-"), "secondary": (STREET, 1.8, "-"), "footway": (STREET, 0.9, "--")}
    for kind, (colour, width, style) in kinds.items():
        lines[lines["kind"] == kind].plot(ax=ax, color=colour, linewidth=width, linestyle=style)
    lines[lines["stairs"]].plot(ax=ax, color=STAIRS, linewidth=2, linestyle=(0, (0.7, 0.5)))
    bridges = lines[lines["span"]]
    bridges.plot(ax=ax, color="black", linewidth=5)
    bridges.plot(ax=ax, color="white", linewidth=2.5)
    ax.set_aspect("equal")


def _share(result: panhuo.Result) -> pd.DataFrame:
    """Share of those in need who are served, by demand point and service."""
    table = pd.DataFrame(result.demand).set_index(["demand", "service"])
    return (table["after_persons"] / table["persons"]).unstack()


def _people(ax: Axes, demand: pd.DataFrame, share: pd.DataFrame, promised: pd.DataFrame) -> None:
    """Draw each point as two halves, canteen and clinic: reached, promised only, or not reached."""
    people = demand.filter(regex="^people_").sum(axis=1)
    for service, half in HALF.items():
        done = share.loc[demand["id"], service].to_numpy() > MOST_OF_THEM
        told = promised.loc[demand["id"], service].to_numpy() > MOST_OF_THEM
        for who, colour in ((~done & ~told, NOT_REACHED), (~done & told, PROMISED), (done, REACHED)):
            for x, y, n in zip(demand["x_m"][who], demand["y_m"][who], people[who], strict=True):
                style = {"fillstyle": half, "markerfacecolor": colour, "markerfacecoloralt": "none"}
                size = 3.5 + 0.32 * np.sqrt(n)
                ax.plot(x, y, "o", markersize=size, markeredgecolor="black", markeredgewidth=0.5, **style)


def _rooms(ax: Axes, existing: pd.DataFrame, sites: pd.DataFrame, plan: pd.DataFrame) -> None:
    at = sites.set_index("id")[["x_m", "y_m"]]
    ax.plot(at["x_m"], at["y_m"], "x", color="black", markersize=4, markeredgewidth=1)
    for service, shape in SHAPE.items():
        marker = MarkerStyle(shape)
        old = existing[existing["service"] == service]
        ax.scatter(old["x_m"], old["y_m"], s=90, marker=marker, c="white", edgecolors="black", linewidths=1.6, zorder=5)
        new = at.loc[plan.loc[plan["service"] == service, "site"]]
        ax.scatter(new["x_m"], new["y_m"], s=190, marker=marker, c=ROOM, edgecolors="black", linewidths=1.8, zorder=6)
        for site, x, y in new.itertuples():
            name = ax.annotate(site, (x, y), (9, 7), textcoords="offset points", fontsize=12, zorder=7)
            name.set_path_effects([withStroke(linewidth=3, foreground="white")])


def _fewer_colours(path: Path) -> None:
    """Save the picture with 256 colours: half of the size."""
    from PIL import Image  # noqa: PLC0415

    with Image.open(path) as full:
        few = full.convert("RGB").quantize(256, dither=Image.Dither.NONE)
    few.save(path, optimize=True)


if __name__ == "__main__":
    main()
