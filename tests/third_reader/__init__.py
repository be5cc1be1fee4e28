"""Read the drop-box format a third time, from FORMAT.md and EXCHANGE.md alone.

Rule: nothing here imports `dropbox` or copies from it, and other libraries do the cryptography, but for SHA-3
(test_reader_independence.py). So a sentence of FORMAT.md that two implementations read alike out of habit, and a
library that is wrong, show here.

Each entry point takes bytes and gives a value, or raises `grammar.Stop` with the stage at which it stopped (`.stage`, a
name of tests/vectors/README.md). No other exception leaves it, whatever the bytes are.

    secret.read_code(typed) -> code
    secret.read_words(typed, code) -> indices
    secret.ThreadKeys.derive(code, indices, instance, desk) -> keys
    secret.holds_phrase(text, phrases) -> bool
    root.read_anchor(data) -> Anchor
    root.verify_certificate(data, trust, dated=True) -> Certificate
    root.verify_revocations(data, anchor) -> Revocations
    root.verify_server_certificate(data, anchor) -> ServerCertificate
    root.read_certificate_file(data, trust) -> Certificate, Revocations
    root.read_station_request(data) -> desk, instance, key
    root.read_server_request(data) -> instance, key
    root.verify_file(data, signature, anchor) -> None
    signed.read_keys(data, trust, dated=True) -> KeyBundle
    signed.read_keyed(data, trust, dated=True) -> KeyBundle, keys
    signed.read_receipts(data, trust) -> Signed, hashes
    signed.read_statistics(data, trust) -> Signed, periods
    statement.read_log_statement(data, trust) -> LogStatement
    board.read_shard(data, trust, dated=True) -> Shard
    board.open_timeline(cells, keys, number) -> bytes, entries
    returned.read_return(data, trust) -> Return
    returned.read_import(data, trust) -> Imported
    downloads.read_keyring(data, trust) -> Keyring
    downloads.read_boards(data, trust) -> boards
    blob.open_blob(data, instance, desk, seed) -> Opened, whose `.member` is whether it is of its thread
    export.read_export(data, trust, newest) -> Export, whose `.stage` is None when it counts
    export.read_container(data, instance) -> Container, whose `.stage` is None when it is whole
    upload.accept_blob(first 26 bytes, length, instance, slots, today) -> None
    claim.read_claim(data, instance, desk, challenge, key) -> statement
    referral.read_card(data) -> Card
    referral.read_dossier(data, trust, receiver) -> Dossier
    referral.read_answer(data, expected) -> Answer
    notice.notice_of_mail(data) -> notice
    notice.open_notice(notice, seed) -> day, value
    notice.read_courier_key(data) -> key

It seals as well: `sealer.seal_message` and `sealer.write_container`; `client` uploads to a server on this machine.

`root.Trust(anchor, today, revoked, ahead)` is against what a reader verifies. For any kind of vector,
`vectors.run(Vector(folder, header, data))` gives stage and values in the words of tests/vectors/README.md.
"""
