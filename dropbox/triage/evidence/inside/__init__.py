"""The fixed program of the sandbox: the only code that looks into a file. It is never imported by the workstation."""
