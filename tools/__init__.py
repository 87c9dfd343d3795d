"""Programs for developers of the project; nothing here is shipped."""
