"""The named location problems, on arrays or GeoDataFrames.

>>> from panhuo import locate
>>> locate.mclp([5, 3, 2], [[True, False], [True, False], [False, True]], p=1).objective  # doctest: +SKIP
8.0
"""

from panhuo.locate.arguments import ArgumentError
from panhuo.locate.capacitated import cflp
from panhuo.locate.center import p_center
from panhuo.locate.covers import lscp, mclp, partial_cover
from panhuo.locate.median import p_median
from panhuo.locate.result import Result

__all__ = ["ArgumentError", "Result", "cflp", "lscp", "mclp", "p_center", "p_median", "partial_cover"]
