"""The application for a WSGI server: settings come from the environment."""

from learn import create_app
from learn.config import Config

app = create_app(Config.from_env())
