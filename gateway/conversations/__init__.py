"""A person's conversations: kept, searched, asked in, answered apart from any request."""
