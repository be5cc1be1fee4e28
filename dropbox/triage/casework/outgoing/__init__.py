"""What reporters will read: shown before it is saved, taken back before it leaves."""
