"""Decomposition: prices of the rows that span sites, exact clusters for bounds, windows for plans."""
