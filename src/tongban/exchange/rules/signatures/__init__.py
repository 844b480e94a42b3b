"""HTTP message signatures (RFC 9421) and digests (RFC 9530), as installations use them among each other."""
