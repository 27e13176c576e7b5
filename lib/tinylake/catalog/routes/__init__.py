"""The endpoints of the Iceberg REST specification that are served, one module for each kind."""
