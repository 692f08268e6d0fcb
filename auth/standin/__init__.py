"""A small stand-in for Keycloak, for evaluation on loopback: the same addresses and claims, one realm."""
