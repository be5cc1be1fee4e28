"""Pages of long care: renewal of the certificate, backup and drill."""
