"""The instance: schema (one table: column, type, unit, rule, words), reading, faults."""
