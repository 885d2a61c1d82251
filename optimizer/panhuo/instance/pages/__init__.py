"""The format for its readers: the template, and the pages of the documentation."""
