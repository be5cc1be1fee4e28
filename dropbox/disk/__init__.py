"""Bytes on a disk: private, whole or not at all, bounded; and how foreign words are shown safely."""
