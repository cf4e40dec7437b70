"""Letters in PDF: the words of a template, the place of everything on the page, the file."""
