"""How things show themselves in a notebook: cards of plain HTML with a small map, no scripts, nothing loaded."""

from panhuo.notebook.html import card, image, sentence, table
from panhuo.notebook.svg import Dots, Marks, drawing

__all__ = ["Dots", "Marks", "card", "drawing", "image", "sentence", "table"]
