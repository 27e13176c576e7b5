"""An ingestion service: files in an object store in, rows of Iceberg tables out, each file exactly once."""
