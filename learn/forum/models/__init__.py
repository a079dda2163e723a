"""Tables of the forum: posts, what people keep beside them, moderation."""

from learn.forum.models.moderation import Moderation, Report
from learn.forum.models.people import (
    FeedKey,
    ForumDraft,
    Helped,
    MeToo,
    QuestionReader,
    TopicFollow,
    TownFollow,
)
from learn.forum.models.posts import (
    Post,
    PostAuthor,
    PostMention,
    PostQuote,
    PostRevision,
    Question,
    QuestionLink,
    QuestionTopic,
)
from learn.forum.models.surroundings import Picture, PostPicture, SimilarHelp

__all__ = [
    "FeedKey",
    "ForumDraft",
    "Helped",
    "MeToo",
    "Moderation",
    "Picture",
    "Post",
    "PostAuthor",
    "PostMention",
    "PostPicture",
    "PostQuote",
    "PostRevision",
    "Question",
    "QuestionLink",
    "QuestionReader",
    "QuestionTopic",
    "Report",
    "SimilarHelp",
    "TopicFollow",
    "TownFollow",
]
