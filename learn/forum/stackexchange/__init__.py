"""Takes a dump of Stack Exchange in: safe XML, HTML to Markdown, staged before anything is written."""
