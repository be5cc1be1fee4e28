"""Referral to other bodies: receivers, consent, the decision of two officers, the sealed dossier, the answers."""
