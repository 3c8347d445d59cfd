"""Floor 2. Units, areas, posts, officials and the working calendar; all dated."""
