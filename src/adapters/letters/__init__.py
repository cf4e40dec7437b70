"""Letters in PDF: the template, the layout of the page, the file."""
