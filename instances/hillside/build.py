"""Make the located files of the hilly quarter; run it as a script.

Everything here is made up: no place on earth looks like this. The same data come out on every run (the CSV files byte
for byte; the raster and the lines cell for cell and vertex for vertex, as the library that writes them may change).
Catalogue, rules, money and policy (services.csv, costs.csv, instance.toml, …) are written by hand and not touched.
"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from laying import ground, people, streets  # noqa: E402

SEED = 20260301


def write(folder: Path) -> None:
    """Write network.gpkg, elevation.tif and the four tables with positions or circles."""
    lines = streets.lay(SEED)
    streets.write(folder / "network.gpkg", lines)
    ground.write(folder / "elevation.tif")
    tables = {
        "demand": people.demand(lines, SEED + 1),
        "sites": people.sites(),
        "existing": people.existing(),
        "circles": people.circles(),
    }
    for name, table in tables.items():
        text = table.to_csv(index=False, lineterminator="\n")
        (folder / f"{name}.csv").write_bytes(b"\xef\xbb\xbf" + text.encode("utf-8"))


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
