"""What researchers take with them: citations, the data as files, questions."""
