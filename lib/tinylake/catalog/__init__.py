"""An Iceberg REST catalog: pointers in a SQL database, metadata files in S3, credentials per table by AssumeRole."""
