"""What a page needs of the package matplotlib-inline: its backend."""
