"""Attacks a demo city of its own on this machine: `make attack`, read by `docs/security/attacking.md`."""
