"""The font of figures, its licence, and how it is made."""
