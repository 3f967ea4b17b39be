-- At least as many bytes as an activity has as JSON: a character may become six, as \u0001.
400 + 6 * octet_length(text) + octet_length(metadata::text)
