"""Towns and Klassen hold nothing about persons."""

from learn.core.owndata import nothing
from learn.network.models import (
    Cohort,
    CohortCourse,
    CohortTown,
    MailDomain,
    Municipality,
    Topic,
    TopicSynonym,
    TownTopic,
    TownWord,
)

nothing("Kommunen", Municipality, MailDomain, TownTopic, TownWord)
nothing("Klassen", Cohort, CohortTown, CohortCourse)
nothing("Themen", Topic, TopicSynonym)
