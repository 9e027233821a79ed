"""The data of the reports as files for spreadsheets and statistics: CSV, XLSX, JSON."""

from digests.export.files import DataFile, DataFormat, make_file
from digests.export.tables import Table, tables_of

__all__ = ["DataFile", "DataFormat", "Table", "make_file", "tables_of"]
