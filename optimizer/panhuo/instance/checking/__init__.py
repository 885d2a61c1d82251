"""What must hold within a column, a row, a table, between tables, and where nothing is given."""
