"""A published course as files to take away: PDF, EPUB, pages for a USB stick."""
