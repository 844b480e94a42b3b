"""The demo city: an invented place with real kinds of matters, people to sign in as, and cases at every stage."""

from tongban.site.demo.loading import CASES, is_loaded, load

__all__ = ["CASES", "is_loaded", "load"]
