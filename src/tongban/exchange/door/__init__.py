"""The door to neighbours and to systems that speak X-Road. Decision: "Neighbours have a door of their own"."""
