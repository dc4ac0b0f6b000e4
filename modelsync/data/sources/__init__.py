"""Where rows come from: files, folders, patterns, addresses, buckets and queries, brought to local files."""
