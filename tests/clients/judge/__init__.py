"""Hands every file of an output folder to the client that it is meant for."""
