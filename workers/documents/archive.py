"""Many files in one ZIP: the same files give the same bytes, wherever and whenever it is made."""

from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

SUMS = "SHA256SUMS"


def zip_of(files: Mapping[str, bytes], *, date: date) -> bytes:
    """Return files as a ZIP, sorted by name, with SHA256SUMS over all of them.

    `sha256sum -c SHA256SUMS` in the unpacked folder says whether a file was changed.
    """
    sums = "".join(f"{sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files))
    return _zip({**dict(sorted(files.items())), SUMS: sums.encode()}, date)


def settled_zip(content: bytes, date: date) -> bytes:
    """A ZIP that a library wrote (DOCX, XLSX), with the order kept and every time set to `date`."""
    with ZipFile(BytesIO(content)) as written:
        return _zip({name: written.read(name) for name in written.namelist()}, date)


def _zip(files: Mapping[str, bytes], day: date) -> bytes:
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = ZipInfo(name, (max(day.year, 1980), day.month, day.day, 12, 0, 0))
            entry.compress_type = ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return stream.getvalue()
