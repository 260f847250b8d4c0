"""What machines may say about contributions and votes: pure Python, nothing of ours imported.

The same functions serve the Celery workers and the command line, so that an auditor who runs
``consult analyse`` on an export sees what the city saw. numpy, scipy, scikit-learn and the
sentence model are imported inside functions: importing this package costs a web process nothing.
"""
