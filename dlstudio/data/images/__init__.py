"""Images: files and pixels, decoded, scanned and prepared."""
