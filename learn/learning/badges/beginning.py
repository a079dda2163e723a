"""The first key comes with the instance, not with the first Nachweis, whose day it would tell."""

from learn.core import cleaning, jobs
from learn.learning.badges import keys, signer


@jobs.job("make_signing_key", every=cleaning.DAY)
def make_signing_key(work: jobs.Work) -> None:
    """Make the key that signs badges where there is none yet."""
    with work.database.reading() as session:
        made = keys.in_use(session) is not None
    if not made:
        config = work.config
        with work.database.writing() as session:
            keys.to_sign(session, config.secret_key, config.badge_algorithm, make=signer().generate)
