"""HTTP below the pages: bodies, multipart, headers, compression, the worker process."""
