"""Engines: where a SQL query or a function over Arrow batches runs. Nothing outside knows which one."""
