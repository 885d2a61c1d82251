"""Figures: the map of a result, the areas around sites, and the charts for slides and print."""

from typing import TYPE_CHECKING

from panhuo.late import late

if TYPE_CHECKING:
    from panhuo.result.figure.areas import LIMIT_MIN, draw_areas, spread
    from panhuo.result.figure.districts import draw_map
    from panhuo.result.figure.slides import draw_figures, figure_file

__all__ = ["LIMIT_MIN", "draw_areas", "draw_figures", "draw_map", "figure_file", "spread"]
__getattr__ = late(
    __name__,
    {
        "areas": ["LIMIT_MIN", "draw_areas", "spread"],
        "districts": ["draw_map"],
        "slides": ["draw_figures", "figure_file"],
    },
)
