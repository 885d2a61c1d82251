"""The ground: lines become a network, rasters heights."""
