"""Ports, connection rules and layer suggestions. Independent of Qt."""
