"""The search index holds nothing about persons: it is made from texts and can be made again."""

from learn.core.owndata import nothing
from learn.search.models import (
    SearchDocument,
    SearchGram,
    SearchPosting,
    SearchState,
    SearchSynonym,
    SearchWord,
)

nothing("Suche", SearchDocument, SearchPosting, SearchWord, SearchGram, SearchSynonym, SearchState)
