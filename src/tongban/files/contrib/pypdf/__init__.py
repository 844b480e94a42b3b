"""Reads PDF documents with pypdf, in a process apart: hostile documents can make any reader run for ever."""

from tongban.files.contrib.pypdf.pool import PdfReaders

__all__ = ["PdfReaders"]
