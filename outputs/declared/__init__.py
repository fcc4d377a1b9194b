"""What the body declares, and what its privacy notice lists."""
