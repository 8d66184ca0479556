"""Make the course from the built book: `make course`, into _build/course."""
