"""Random districts against every choice and level, with an exact linear program for people and money."""

import numpy as np
import pytest
from districts import random_district
from every_plan import best

import panhuo
from panhuo import engine
from panhuo.access import catchments
from panhuo.assemble import derive_options, siting_data

BLOCKS, SEEDS = 30, 10
