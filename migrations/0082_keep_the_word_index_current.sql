-- Words are looked up by likeness right after an import, before anything has tidied up. New ones are to stand in the index itself: kept
-- aside, they make it so dear to use that all words are read instead.
alter index catalog.word_trigrams set (fastupdate = off);
