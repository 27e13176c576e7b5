"""A gate before an emulator of Google's cloud storage, which itself asks nobody who they are.

It asks for OAuth 2.0 access tokens, issues downscoped ones, and holds each to its Credential Access Boundary: Google's
protocol and rules, as its documentation states them. It is not Google's, and whoever knows the emulator's own address
gets around it.
"""
