"""Papers as PDF: A4, Chinese type embedded, the same content always the same bytes."""

from tongban.papers.drawing.faces import missing_glyphs
from tongban.papers.drawing.paper import all_text, draw

__all__ = ["all_text", "draw", "missing_glyphs"]
