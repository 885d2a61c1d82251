"""From files to typed tables: grids and layers, headers, cells, units; settings and proposals."""
