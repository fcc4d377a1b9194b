"""The cover sheet, for the person who uploads: what it says, as a page and as a workbook."""
