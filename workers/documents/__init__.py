"""Documents for download, made of plain data. Pure Python: no Django, no database, no clock.

A document is written once, in the words of `parts`, and turned into each format:

    from workers.documents.parts import Document, Heading, Paragraph, Table
    from workers.documents.pdf import pdf_of
    from workers.documents.word import docx_of
    from workers.documents.web import html_of
    from workers.documents.markdown import markdown_of

    document = Document(title="Synopse", language="de", date=date(2026, 11, 22), body=[...])
    content: bytes = pdf_of(document)

Tables alone: `sheets.xlsx_of` and `sheets.csv_of`. Many files in one: `archive.zip_of`.
The same document gives the same bytes.
"""
