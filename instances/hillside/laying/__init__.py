"""How the hilly quarter is laid out: its ground, its streets, its people and rooms."""
