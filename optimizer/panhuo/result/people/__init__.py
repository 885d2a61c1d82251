"""People: who is covered, who goes where, before and after."""
