"""The portal's own pages: home, my home, texts, switches."""
