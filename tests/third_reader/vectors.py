"""Run a vector: at which stage the reader stops, and under `ok` what came out, in the words of the vectors."""

from collections.abc import Callable

from . import runners_sealed as sealed
from . import runners_signed as signed
from .grammar import Stop
from .vector_file import Values, Vector

RUNNERS: dict[str, Callable[[Vector], tuple[str, Values]]] = {
    "secret": sealed.run_secret,
    "confirm": sealed.run_confirm,
    "keyword-match": sealed.run_keyword_match,
    "blob": sealed.run_blob,
    "digest": sealed.run_digest,
    "accepted": sealed.run_accepted,
    "container": sealed.run_container,
    "notice": sealed.run_notice,
    "courier-key": sealed.run_courier_key,
    "certificate-file": signed.run_certificate_file,
    "station-request": signed.run_station_request,
    "server-request": signed.run_server_request,
    "file-signature": signed.run_file_signature,
    "boards": signed.run_boards,
    "anchor": signed.run_anchor,
    "certificate": signed.run_certificate,
    "revocations": signed.run_revocations,
    "server-certificate": signed.run_server_certificate,
    "keyed": signed.run_keyed,
    "keys": signed.run_keys,
    "receipts": signed.run_receipts,
    "board": signed.run_board,
    "return": signed.run_return,
    "imported": signed.run_imported,
    "imported-after": signed.run_imported_after,
    "site-manifest": signed.run_site_manifest,
    "statistics": signed.run_statistics,
    "keyring": signed.run_keyring,
    "log-statement": signed.run_log_statement,
    "claim": sealed.run_claim,
    "card": sealed.run_card,
    "dossier": sealed.run_dossier,
    "answer": sealed.run_answer,
    "export": sealed.run_export,
}


def run(vector: Vector) -> tuple[str, Values]:
    """The stage, and what came out."""
    try:
        return RUNNERS[vector.folder](vector)
    except Stop as stop:
        return stop.stage, {}
