"""Where people live: demand points made of rasters or buildings, and near ones merged."""
