"""Reads messages: mail (MIME), Outlook, mailboxes, TNEF; each becomes a `Message` with texts and attachments."""
