"""X-Road's message protocol for REST (r1), as its information systems speak it."""
