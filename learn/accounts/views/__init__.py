"""Pages around accounts: joining, signing in, the own account."""

from learn.accounts.views import signing_in
from learn.accounts.views.blueprint import pages, person_of_token

__all__ = ["pages", "person_of_token", "signing_in"]
