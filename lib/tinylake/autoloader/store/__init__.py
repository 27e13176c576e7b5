"""The service's own records: ingestions, runs, processed files, schema versions."""
