"""From a sealed message to a case: trial decryption, threading, manual entry."""
