"""Measures: what a lead looks at each morning. A figure is a table with a meaning; a page is some figures."""
