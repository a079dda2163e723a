"""Pasted HTML of Word, LibreOffice, Google Docs, Excel and web pages on its way to our Markdown; pure."""
