"""Referral to other bodies: who receives, what may go, two officers' decision, the sealed dossier, the answers."""
