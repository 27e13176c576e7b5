"""From a profile to its running services."""
