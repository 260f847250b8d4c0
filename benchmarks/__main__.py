"""Run all benchmarks and print them as tables."""

import django

import tests.services as services


def main() -> None:
    """Start the test services, measure, stop them."""
    try:
        django.setup()
        from benchmarks import pages, quality

        pages.run()
        quality.run()
    finally:
        services.pytest_unconfigure()


if __name__ == "__main__":
    main()
