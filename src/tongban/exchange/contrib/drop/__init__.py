"""The source "csv": a file that is dropped into a folder."""
