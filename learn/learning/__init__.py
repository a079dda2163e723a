"""The learner's own things: enrolment, progress log, self-checks, Fahrplan."""
