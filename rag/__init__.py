"""An organisation's own documents: taken in, searched, and cited to the page."""
