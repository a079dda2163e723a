"""Material in other dialects, as the importer and the check see it (content.md section 6)."""
