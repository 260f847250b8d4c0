import subprocess
from datetime import date
from io import BytesIO
from zipfile import ZipFile

from workers.documents.archive import zip_of

FILES = {"de/konzept.md": b"# Konzept\n", "LIESMICH.txt": "Grüße\n".encode()}
DAY = date(2026, 11, 22)


def test_sums_fit_the_files(tmp_path):
    ZipFile(BytesIO(zip_of(FILES, date=DAY))).extractall(tmp_path)
    checked = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=tmp_path, capture_output=True)
    assert checked.returncode == 0, checked.stdout
    (tmp_path / "LIESMICH.txt").write_text("anders")
    checked = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=tmp_path, capture_output=True)
    assert checked.returncode == 1


def test_same_files_give_the_same_bytes():
    assert zip_of(FILES, date=DAY) == zip_of(dict(reversed(FILES.items())), date=DAY)
    assert zip_of(FILES, date=DAY) != zip_of(FILES, date=date(2026, 11, 23))
