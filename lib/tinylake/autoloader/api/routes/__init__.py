"""One router per part of the interface."""
