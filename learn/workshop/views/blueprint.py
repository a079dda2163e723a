"""The blueprint of the Werkstatt's pages."""

from learn.core.web import Pages

pages = Pages("workshop", __name__, template_folder="../templates")
