"""From the coordinates of each table to one metric frame."""
