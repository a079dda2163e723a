"""Pages that join several packages: start, catalogue, course, lesson, Mein Lernen; owns no table."""
