"""How the located tables of the Dazu instance are made, from the fact tables and one seed."""
